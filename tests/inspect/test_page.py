"""The page in a real Chromium: what is seen, clicked, typed and announced."""

from __future__ import annotations

from typing import Any

import pytest

from dialog.assemble import open_pipeline
from dialog.inspect import inspector_app
from dialog.inspect.shelf import ref_of
from dialog.pipeline import Pipeline
from tests.inspect.conftest import OpenPage, serving
from tests.inspect.talks import HOSTILE, dinner, hostile, say, unwell

pytestmark = pytest.mark.browser


async def test_a_click_on_an_inserted_word_leads_to_where_it_came_from(pipeline: Pipeline, open_page: OpenPage) -> None:
    await dinner(pipeline)
    async with serving(inspector_app(pipeline, lambda _: "")) as url:
        seen = await open_page(url)
        await seen.open()
        await seen.page.get_by_role("option").first.click()
        await seen.page.wait_for_selector("article.turn")
        assert await seen.page.locator(".topic").all_inner_texts() == [
            "New topic New York Chinese restaurant",
            "New topic wrote Hamlet",
            "Back to New York Chinese restaurant",
        ]
        diff = seen.page.locator("#turn-5 .diff")
        assert await diff.locator(".removed").inner_text() == "the second one"
        await diff.get_by_role("link", name="Lotus Kitchen").click()
        mark = seen.page.locator("mark.source")
        assert (await mark.inner_text()).startswith("Lotus Kitchen")
        assert await mark.evaluate("node => node.closest('article').id") == "turn-4"
        assert await mark.evaluate("node => node.closest('[data-field]').dataset.field") == "reply"
        assert await mark.evaluate("node => node === document.activeElement")
        await seen.page.keyboard.press("Escape")
        assert await seen.page.locator("mark.source").count() == 0
        assert await seen.page.evaluate("document.activeElement.closest('article').id") == "turn-5"
        seen.unharmed()


async def test_every_source_on_the_page_marks_just_the_words_it_names(pipeline: Pipeline, open_page: OpenPage) -> None:
    await dinner(pipeline, lang="zh")
    async with serving(inspector_app(pipeline, lambda _: "")) as url:
        seen = await open_page(url, reduced_motion="reduce")
        await seen.open(ref_of("dinner"))
        links = seen.page.locator(".sources .to-source")
        assert await links.count() > 5
        for link in await links.all():
            quoted = (await link.inner_text()).partition(": \u201c")[2].removesuffix("\u201d")
            await link.click()
            if quoted:
                marked = "".join(await seen.page.locator("mark.source").all_inner_texts())
                assert marked.strip() == quoted
        seen.unharmed()


async def test_the_exact_prompt_opens_block_by_block(open_page: OpenPage) -> None:
    async with open_pipeline("memory:", instructions="You help people find a place to eat.") as pipeline:
        await dinner(pipeline)
        async with pipeline.turn("dinner", "and how do I get there?") as turn:
            sent = [block.text for block in turn.prompt.blocks]
            await turn.close("By train.")
        async with serving(inspector_app(pipeline, lambda _: "")) as url:
            seen = await open_page(url)
            await seen.open(ref_of("dinner"))
            prompt = seen.page.locator("#turn-10 details.prompt")
            await prompt.locator("summary").click()
            await prompt.locator(".block").first.wait_for()
            assert await prompt.locator(".block pre").all_text_contents() == sent
            seen.unharmed()


async def test_the_keyboard_alone_is_enough(pipeline: Pipeline, open_page: OpenPage) -> None:
    await say(pipeline, "older", "Where is Boston?", "In the east.")
    await dinner(pipeline)
    async with serving(inspector_app(pipeline, lambda _: "")) as url:
        seen = await open_page(url)
        await seen.open()
        page = seen.page

        async def focused(expression: str) -> Any:
            return await page.evaluate(f"(() => {{ const on = document.activeElement; return {expression}; }})()")

        await page.keyboard.press("Tab")
        assert await focused("on.textContent") == "Skip to the dialog"
        await page.keyboard.press("Tab")
        assert await focused("on.id") == "find"
        await page.keyboard.press("Tab")
        assert await focused("on.id") == "dialogs"
        assert await focused("getComputedStyle(on).outlineStyle") != "none", "the focus shows"
        await page.keyboard.press("ArrowDown")
        assert await focused("document.getElementById(on.getAttribute('aria-activedescendant')).innerText") != ""
        await page.keyboard.press("End")
        await page.keyboard.press("Home")
        await page.keyboard.press("Enter")
        await page.wait_for_selector("article.turn")
        assert await focused("on.tagName") == "H1"
        for _ in range(80):
            await page.keyboard.press("Tab")
            if await focused("on.matches('.diff .to-source')"):
                break
        assert await focused("on.matches('.diff .to-source')"), "Tab reaches the inserted words"
        await page.keyboard.press("Enter")
        assert await focused("on.matches('mark.source')")
        assert "highlighted" in await page.locator("#say").inner_text()
        await page.keyboard.press("Escape")
        assert await focused("on.matches('.diff .to-source')")
        seen.unharmed()


async def test_hostile_texts_stay_texts(pipeline: Pipeline, open_page: OpenPage) -> None:
    await hostile(pipeline)
    async with serving(inspector_app(pipeline, lambda _: "")) as url:
        for width in (390, 1280):
            seen = await open_page(url, viewport={"width": width, "height": 800})
            await seen.open(ref_of("<b onclick=alert(1)>\u202eid\x00"))
            page = seen.page
            for at in range(len(HOSTILE)):
                await page.locator("details.prompt > summary").nth(at).click()
            await page.locator(".prompt .block.message").nth(len(HOSTILE) - 1).wait_for()
            assert await page.evaluate("window.hit") is None
            assert await page.locator("main :is(script, img, style, iframe, u, i)").count() == 0
            shown = await page.locator("article [data-field=user]").all_text_contents()
            assert shown[0] == HOSTILE[0]
            assert "\u2400" in shown[4]
            assert not {"\u202e", "\x00", "\u2066"} & set(await page.locator("body").inner_text())
            wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, "nothing pushes the page wider than the screen"
            seen.unharmed()


async def test_a_turn_shows_up_while_the_page_is_open(pipeline: Pipeline, open_page: OpenPage) -> None:
    await say(pipeline, "d", "What is the best Thai restaurant in Boston?", "The red door.")
    async with serving(inspector_app(pipeline, lambda _: "")) as url:
        seen = await open_page(url)
        await seen.open(ref_of("d"))
        await seen.page.locator("#turn-1 details.prompt summary").click()
        async with pipeline.turn("d", "and in Denver?") as turn:
            await seen.page.wait_for_selector("#turn-2 .status.open")
            await turn.close("The blue door.")
        await seen.page.wait_for_selector("#turn-2.closed")
        assert await seen.page.locator("#turn-2 [data-field=reply]").inner_text() == "The blue door."
        assert await seen.page.locator("#turn-1 details.prompt").evaluate("node => node.open"), "what was open stays so"
        seen.unharmed()


async def test_what_went_wrong_is_said(pipeline: Pipeline, open_page: OpenPage) -> None:
    await unwell(pipeline)
    async with serving(inspector_app(pipeline, lambda _: "")) as url:
        seen = await open_page(url)
        await seen.open(ref_of("unwell"))
        for turn, word in (("1", "partial"), ("2", "BackendTimeout"), ("3", "attempt 2"), ("4", "abandoned")):
            assert word in await seen.page.locator(f"#turn-{turn} .warnings").inner_text()
        assert "calling program" in await seen.page.locator("tr[data-slot=city]").inner_text()
        seen.unharmed()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_it_reads_on_a_narrow_screen_and_in_the_dark(
    pipeline: Pipeline, open_page: OpenPage, scheme: str
) -> None:
    await dinner(pipeline)
    async with serving(inspector_app(pipeline, lambda _: "")) as url:
        seen = await open_page(url, viewport={"width": 360, "height": 700}, color_scheme=scheme)
        page = seen.page
        await seen.open()
        await page.get_by_role("option").click()
        await page.wait_for_selector("article.turn")
        assert await page.locator(".side").is_hidden()
        wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0
        for selector in (".text", ".quiet", ".inserted", ".removed", ".act", "dt", ".note"):
            assert await page.evaluate(CONTRAST, selector) >= 4.5, f"{selector} (WCAG 2.2, 1.4.3)"
        assert len(await page.screenshot()) > 10_000
        await page.get_by_role("button", name="All dialogs").click()
        await page.locator(".side").wait_for()
        seen.unharmed()


CONTRAST = """
selector => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const bytes = (colour) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return canvas.getImageData(0, 0, 1, 1).data;
  };
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
  const node = document.querySelector(`#dialog ${selector}`);
  let behind = node;
  while (bytes(getComputedStyle(behind).backgroundColor)[3] < 255) behind = behind.parentElement;
  const [a, b] = [getComputedStyle(node).color, getComputedStyle(behind).backgroundColor].map(bytes).map(light);
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}
"""

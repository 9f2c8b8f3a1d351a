"""The words on screen, in each language of the command line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Lang = Literal["en", "zh"]


@dataclass(frozen=True, slots=True)
class Words:
    """Labels and short phrases; `{}` in a phrase is filled by position."""

    turn: str
    you: str
    means: str
    unchanged: str
    source: str
    understood: str
    slots: str
    prompt: str
    dropped: str
    reply: str
    tokens: str
    topic: str
    topics: str
    topic_stay: str
    topic_new: str
    topic_return: str
    by: str
    in_turn: str
    earlier: str
    this_message: str
    assistant: str
    resolved: str
    slot: str
    caller: str
    any_value: str
    no_value: str
    not_value: str
    was: str
    warning: str
    nothing: str
    budget: str
    summary: str
    request: str
    dialog: str
    partial: str
    store: str
    versions: str
    took: str
    grounded: str
    ungrounded: str
    undone: str
    forgotten: str
    now_in: str
    how_to_open: str
    demo: str
    scripted: str
    no_model: str
    begins: str
    resumes: str
    first_run: str
    hint: str
    how_to_leave: str
    how_to_pick: str
    no_editing: str
    preview: str


ENGLISH = Words(
    turn="Turn {}",
    you="you",
    means="resolved",
    unchanged="(complete as it stands, left alone)",
    source="from",
    understood="read as",
    slots="slots",
    prompt="prompt",
    dropped="left out",
    reply="reply",
    tokens="{} tokens of {} ({})",
    topic="topic",
    topics="topics",
    topic_stay="same topic",
    topic_new="new topic",
    topic_return="back to topic",
    by="by {}, confidence {}",
    in_turn="turn {}",
    earlier="an earlier turn",
    this_message="this message",
    assistant="assistant",
    resolved="resolved",
    slot="slot {}",
    caller="caller",
    any_value="any",
    no_value="nothing",
    not_value="not {}",
    was="was {}",
    warning="warning",
    nothing="(nothing yet)",
    budget="budget",
    summary="summary",
    request="request",
    dialog="dialog",
    partial="[stopped]",
    store="store",
    versions="read version {}, wrote {}, {} conflict(s)",
    took="took",
    grounded="grounded",
    ungrounded="not grounded: the words alone",
    undone="taken back",
    forgotten="Dialog {} is deleted; a new one begins.",
    now_in="Now in dialog {}.",
    how_to_open="Go on in one with /open and its number.",
    demo="The assistant's replies in this demo are scripted; how a message is read and what is sent is computed.",
    scripted="reply (scripted)",
    no_model="For replies set one of these keys, run Ollama, or use --backend.",
    begins="New dialog {}.",
    resumes='Dialog {}, {} turn(s) so far; the last message was: "{}"',
    first_run="Welcome. Write as you would to a person. These commands help:",
    hint="Enter sends, Alt+Enter a new line, Ctrl-C stops, Ctrl-D leaves, /help helps.",
    how_to_leave="Press Ctrl-C again, Ctrl-D, or type /quit to leave.",
    how_to_pick="Which one? A number, an id, or nothing for a new dialog.",
    no_editing="Line editing, history and completion come with: pip install 'antecedent[chat]'",
    preview="preview",
)

CHINESE = Words(
    turn="第 {} 轮",
    you="用户",
    means="补全后",
    unchanged="（本身完整，未改动）",
    source="出处",
    understood="理解为",
    slots="槽位",
    prompt="提示词",
    dropped="略去",
    reply="回复",
    tokens="{} 个 token，上限 {}（{}）",
    topic="话题",
    topics="话题",
    topic_stay="同一话题",
    topic_new="新话题",
    topic_return="回到话题",
    by="依据 {}，置信度 {}",
    in_turn="第 {} 轮",
    earlier="较早的一轮",
    this_message="本条消息",
    assistant="助手",
    resolved="补全后",
    slot="槽位 {}",
    caller="调用方",
    any_value="均可",
    no_value="无",
    not_value="不要 {}",
    was="原为 {}",
    warning="注意",
    nothing="（暂无）",
    budget="预算",
    summary="摘要",
    request="请求",
    dialog="对话",
    partial="[已中断]",
    store="存储",
    versions="读取版本 {}，写入版本 {}，冲突 {} 次",
    took="用时",
    grounded="有上下文",
    ungrounded="无上下文：只有原话",
    undone="已撤回",
    forgotten="对话 {} 已删除；新对话开始。",
    now_in="当前对话：{}。",
    how_to_open="输入 /open 加编号即可继续该对话。",
    demo="演示中助手的回复是预先写好的；每条消息如何理解、发送什么，都是当场计算的。",
    scripted="回复（预先写好）",
    no_model="尚未配置模型，只显示将要发送的内容。"
    "如需回复，请设置 OPENAI_API_KEY 或 ANTHROPIC_API_KEY，运行 Ollama，或使用 --backend。",
    begins="新对话 {}。",
    resumes="对话 {}，已有 {} 轮；上一条消息：“{}”",
    first_run="欢迎。像平常说话一样输入即可，后续问题可以很短。可用的命令：",
    hint="回车发送，Alt+回车换行，Ctrl-C 中断回复，Ctrl-D 退出，/help 列出命令。",
    how_to_leave="再按一次 Ctrl-C、按 Ctrl-D 或输入 /quit 即可退出。",
    how_to_pick="选哪一个？输入编号或 id；直接回车则开始新对话。",
    no_editing="行编辑、历史与补全需要安装：pip install 'antecedent[chat]'",
    preview="预览",
)


def words(lang: Lang) -> Words:
    return CHINESE if lang == "zh" else ENGLISH

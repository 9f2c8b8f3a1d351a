"""The commands as child processes with pipes: what they print, where, and their exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dialog.cli import COMMANDS, main
from tests.cli.terminal import WITHOUT_EXTRAS, environment, run


def chat(data: Path, *lines: str, dialog: str = "d1", **more: str) -> subprocess.CompletedProcess[bytes]:
    return run(data, "chat", "--dialog", dialog, stdin="\n".join(lines).encode(), **more)


def documents(output: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


def test_the_version_is_that_of_the_package(tmp_path: Path) -> None:
    done = run(tmp_path, "--version")
    assert (done.returncode, done.stdout) == (0, b"antecedent 0.1.0\n")


@pytest.mark.parametrize(
    "args", [(), ("frobnicate",), ("chat", "--backend", "nobody"), ("chat", "--budget", "5"), ("forget",), ("rewrite",)]
)
def test_a_command_line_that_makes_no_sense_ends_with_2_and_says_why(tmp_path: Path, args: tuple[str, ...]) -> None:
    done = run(tmp_path, *args)
    assert done.returncode == 2
    assert done.stderr.startswith(b"usage: antecedent")
    assert b"error: " in done.stderr


@pytest.mark.parametrize("name", [command.NAME for command in COMMANDS])
def test_every_command_explains_itself(capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert main([name, "--help"]) == 0
    assert capsys.readouterr().out.startswith(f"usage: antecedent {name}")


def test_a_message_can_be_piped_in(tmp_path: Path) -> None:
    done = run(tmp_path, "chat", stdin=b"hi\n")
    assert done.returncode == 0
    assert b"hi" in done.stdout
    assert b"\x1b" not in done.stdout + done.stderr
    assert done.stderr.startswith(b"preview: ")


def test_a_chat_without_a_model_keeps_what_was_said_and_no_reply(tmp_path: Path) -> None:
    chat(tmp_path, "What is the best Chinese restaurant in New York?")
    state = documents(run(tmp_path, "show", "d1", "--json").stdout)[0]
    assert [(turn["status"], turn["reply"]) for turn in state["turns"]] == [("closed", "")]


def test_scripts_get_one_document_per_message_and_command(tmp_path: Path) -> None:
    done = run(tmp_path, "chat", "--json", stdin="泰国菜呢？\n/slots set city=Boston\n/nope\n".encode())
    turn, slots, error = documents(done.stdout)
    assert (turn["kind"], turn["user"], turn["prompt"][-1]["role"]) == ("turn", "泰国菜呢？", "user")
    assert turn["tokens"] == sum(block["tokens"] for block in turn["prompt"])
    assert ("city", "Boston") in [(slot["name"], slot["current"]["value"]) for slot in slots["slots"]]
    assert error["kind"] == "error"
    assert done.returncode == 1


def test_a_line_that_is_not_text_is_refused_and_the_others_are_taken(tmp_path: Path) -> None:
    done = run(tmp_path, "chat", "--dialog", "d1", stdin=b"hello there\n" + "餐馆".encode("gbk") + b"\nand you?\n")
    assert done.returncode == 1
    assert b"line 2 of the input is not utf-8" in done.stderr
    state = documents(run(tmp_path, "show", "d1", "--json").stdout)[0]
    assert [turn["user"] for turn in state["turns"]] == ["hello there", "and you?"]


def test_the_input_may_be_in_the_encoding_of_the_locale(tmp_path: Path) -> None:
    done = run(tmp_path, "chat", "--json", stdin="纽约餐馆\n".encode("gbk"), PYTHONIOENCODING="gbk")
    assert json.loads(done.stdout.decode("gbk"))["user"] == "纽约餐馆"


def test_an_output_that_lacks_a_character_gets_a_question_mark(tmp_path: Path) -> None:
    done = run(tmp_path, "demo", "--lang", "zh", PYTHONIOENCODING="latin-1")
    assert done.returncode == 0
    assert b"??" in done.stdout


def test_a_dialog_survives_a_restart_and_undo_takes_a_turn_back(tmp_path: Path) -> None:
    chat(tmp_path, "I live in Boston.")
    chat(tmp_path, "I have a dog.")
    chat(tmp_path, "/undo")
    state = documents(run(tmp_path, "show", "d1", "--json").stdout)[0]
    assert [turn["user"] for turn in state["turns"]] == ["I live in Boston."]


def test_show_lists_the_dialogs_the_one_used_last_first(tmp_path: Path) -> None:
    chat(tmp_path, "one", dialog="first")
    chat(tmp_path, "two", dialog="second")
    listing = documents(run(tmp_path, "show", "--json").stdout)[0]
    assert [dialog["dialog_id"] for dialog in listing["dialogs"]] == ["second", "first"]
    lines = run(tmp_path, "show").stdout.decode().splitlines()
    assert [line.split()[1] for line in lines] == ["second", "first"]


def test_show_tells_the_words_and_the_slots(tmp_path: Path) -> None:
    chat(tmp_path, "What is the best Chinese restaurant in New York?", "/slots set party_size=4")
    shown = run(tmp_path, "show", "d1").stdout.decode()
    assert "best Chinese restaurant" in shown
    assert "party_size = 4" in shown


def test_an_export_is_the_log_oldest_first_and_then_the_state(tmp_path: Path) -> None:
    chat(tmp_path, "I live in Boston.", "I have a dog.")
    entries = documents(run(tmp_path, "export", "d1").stdout)
    assert [entry["kind"] for entry in entries] == [*["turn_opened", "turn_closed"] * 2, "state"]
    file = tmp_path / "d1.jsonl"
    assert run(tmp_path, "export", "d1", "--output", str(file)).returncode == 0
    assert documents(file.read_bytes()) == entries


def test_a_forgotten_dialog_is_gone(tmp_path: Path) -> None:
    chat(tmp_path, "I live in Boston.")
    assert run(tmp_path, "forget", "d1").returncode == 0
    assert run(tmp_path, "show", "d1").returncode == 1
    assert b"Boston" not in b"".join(file.read_bytes() for file in (tmp_path / "antecedent").iterdir())


@pytest.mark.parametrize("command", ["show", "export", "forget"])
def test_an_unknown_dialog_is_an_error_that_says_so(tmp_path: Path, command: str) -> None:
    done = run(tmp_path, command, "nobody")
    assert done.returncode == 1
    assert done.stdout == b""
    assert b"dialog 'nobody' is not in the store" in done.stderr


def test_an_unknown_dialog_leaves_the_output_file_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "kept"
    file.write_text("precious")
    assert run(tmp_path, "export", "nobody", "--output", str(file)).returncode == 1
    assert file.read_text() == "precious"


def test_tenants_do_not_see_each_other(tmp_path: Path) -> None:
    run(tmp_path, "chat", "--dialog", "d1", "--tenant", "a", stdin=b"I live in Boston.\n")
    assert run(tmp_path, "show", "d1", "--tenant", "b").returncode == 1
    assert run(tmp_path, "show", "d1", "--tenant", "a").returncode == 0


def test_a_store_of_no_known_kind_is_refused_with_the_kinds_there_are(tmp_path: Path) -> None:
    done = run(tmp_path, "show", "d1", "--store", "mongo://x")
    assert done.returncode == 1
    assert b"sqlite:PATH" in done.stderr


def test_a_server_that_is_away_is_one_line_and_no_traceback(tmp_path: Path) -> None:
    done = run(tmp_path, "show", "d1", "--store", "redis://127.0.0.1:9/0")
    assert done.returncode == 1
    assert done.stderr.count(b"\n") == 1
    assert b"Traceback" not in done.stderr


def test_nothing_the_user_wrote_goes_to_standard_error(tmp_path: Path) -> None:
    done = chat(tmp_path, "my secret is xyzzy", "/why", "/compare", "/state")
    assert b"xyzzy" in done.stdout
    assert b"xyzzy" not in done.stderr


def test_a_reader_that_leaves_early_is_no_error_message(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "dialog.cli", "demo"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(tmp_path)) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.close()
        errors = child.stderr.read()
    assert b"Traceback" not in errors
    assert b"BrokenPipe" not in errors


@pytest.mark.parametrize("command", [["demo"], ["chat"]])
def test_nothing_optional_is_needed(tmp_path: Path, command: list[str]) -> None:
    done = run(tmp_path, *command, stdin=b"hi\n", command=WITHOUT_EXTRAS)
    assert done.returncode == 0
    assert done.stdout


def test_commands_of_the_chat_refuse_what_they_do_not_understand(tmp_path: Path) -> None:
    done = chat(tmp_path, "/slots set city", "/why x", "/why 7", "/prompt", "/undo", "/open 9", "/slots frob")
    assert done.returncode == 1
    assert done.stderr.decode().count("antecedent: ") == 7
    assert "frob" not in done.stderr.decode()


def test_a_message_may_begin_with_a_slash(tmp_path: Path) -> None:
    done = run(tmp_path, "chat", "--json", stdin=b"//etc/passwd is a file\n")
    assert documents(done.stdout)[0]["user"] == "/etc/passwd is a file"


def test_forgetting_in_the_chat_begins_a_new_dialog(tmp_path: Path) -> None:
    done = run(tmp_path, "chat", "--dialog", "d1", "--json", stdin=b"I live in Boston.\n/forget\nhello\n")
    _, forgotten, turn = documents(done.stdout)
    assert forgotten["dialog_id"] == "d1"
    assert turn["dialog_id"] == forgotten["next"] != "d1"


def test_a_message_is_compared_with_and_without_its_context(tmp_path: Path) -> None:
    done = run(tmp_path, "chat", "--json", stdin=b"I live in Boston.\n/compare What is the weather there?\n")
    compared = documents(done.stdout)[-1]
    assert compared["kind"] == "compare"
    assert "Boston" not in compared["ungrounded"]
    assert "What is the weather there?" in compared["ungrounded"]


def test_a_dialog_can_be_picked_from_a_pipe(tmp_path: Path) -> None:
    chat(tmp_path, "I live in Boston.")
    done = run(tmp_path, "chat", "--pick", "--json", stdin=b"1\nI have a dog.\n")
    assert [document["dialog_id"] for document in documents(done.stdout)] == ["d1"]

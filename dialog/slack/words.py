"""What the bot says of itself, in the language it was spoken to."""

from __future__ import annotations

import re

from dialog.backends.base import BackendError, BackendRefused
from dialog.errors import BudgetTooSmall, DialogBusy, StateUnreadable
from dialog.values import Value
from stores.base import StoreError

_HAN = re.compile(r"[\u4e00-\u9fff]")


class Words(Value):
    hello: str
    refused: str
    unavailable: str
    cut_off: str
    busy: str
    too_long: str
    no_memory: str
    unreadable: str
    broken: str
    rejected: str
    not_helpful: str
    thanks: str
    nothing: str
    forgotten: str
    fresh: str
    new_thread: str
    slot_set: str
    usage: str
    self_contained: str
    sources: str
    you_wrote: str
    sent_as: str
    slots: str
    topic: str
    correct: str
    why: str
    new_value: str
    save: str
    cancel: str
    empty_clears: str
    unknown: str
    request: str
    everybodys: str
    good: str
    bad: str
    from_reply: str
    from_slot: str
    from_summary: str
    from_caller: str
    left_out: str
    too_old: str
    need_number: str


ENGLISH = Words(
    hello="Hi! Ask me something, and follow up in this thread; I remember what it is about.",
    refused="The language model refused this request. Please tell whoever runs me to check its key and model name.",
    unavailable="The language model is busy or cannot be reached. Edit your message in a minute to try again.",
    cut_off="The answer broke off here. Edit your message to try again.",
    busy="I am still answering an earlier message here. Edit this one in a moment to try again.",
    too_long="This message is too long for me. Shorten it by editing it, and I will try again.",
    no_memory="I cannot reach my memory right now. Edit your message in a minute to try again.",
    unreadable="I cannot read what I remember of this thread. Please start a new one, and tell whoever runs me.",
    broken="Something went wrong on my side (reference {}). Edit your message to try again.",
    rejected="Noted, that was not helpful. Say what you need instead, and I will try again.",
    not_helpful="That's not helpful.",
    thanks="Thank you, glad it helped.",
    nothing="I remember nothing of this conversation.",
    forgotten="Forgotten: I remember nothing of this conversation any more.",
    fresh="A fresh start: what was said before no longer counts.",
    new_thread="Mention me in a new message: each thread is a conversation of its own.",
    slot_set="Corrected: {} is now {}.",
    usage="Use `/antecedent why`, `slots`, `topic`, `forget` or `new`. In a thread, use the message menu: More message "
    "shortcuts.",
    self_contained="The message said it all; it went on as written.",
    sources="Where the words came from",
    you_wrote="Written",
    sent_as="Understood as",
    slots="What I know",
    topic="Topics",
    correct="Correct",
    why="Why this answer?",
    new_value="New value",
    save="Save",
    cancel="Cancel",
    empty_clears="Leave it empty to clear the value.",
    unknown="unknown",
    request="asked: {}",
    everybodys="shared",
    good="Helpful",
    bad="Not helpful",
    from_reply="my reply",
    from_slot="slot {}",
    from_summary="the summary of turns {}",
    from_caller="the app ({})",
    left_out="left out",
    too_old="Only my latest answer can be turned down; just say what was wrong with an earlier one.",
    need_number="This is a number; write digits only.",
)

CHINESE = Words(
    hello="你好！直接问我，然后在这个会话里接着问，我会记得在谈什么。",
    refused="语言模型拒绝了这个请求。请让管理员检查密钥和模型名称。",
    unavailable="语言模型暂时无法使用。编辑你的消息即可重试，或者一分钟后再发。",
    cut_off="回答在这里中断了。编辑你的消息即可重试。",
    busy="我还在回答前面的消息。稍后编辑这条消息即可重试。",
    too_long="这条消息太长了。编辑缩短后我会重试。",
    no_memory="我暂时读不到记忆。一分钟后编辑你的消息即可重试。",
    unreadable="我读不出这个会话的记忆。请另开一个会话，并告诉管理员。",
    broken="我这边出错了（编号 {}）。编辑你的消息即可重试。",
    rejected="知道了，这个回答没有帮助。告诉我你需要什么，我再试一次。",
    not_helpful="没有帮助。",
    thanks="谢谢，很高兴有帮助。",
    nothing="我不记得这个会话的任何内容。",
    forgotten="已忘记：这个会话的内容我都不记得了。",
    fresh="重新开始：之前说的不再算数。",
    new_thread="请在新消息里提到我：每个会话串都是单独的对话。",
    slot_set="已更正：{} 现在是 {}。",
    usage="请用 `/antecedent why`、`slots`、`topic`、`forget` 或 `new`。在会话串里请用消息菜单的快捷方式。",
    self_contained="这条消息本身已经完整，原样发送。",
    sources="这些词的来源",
    you_wrote="原话",
    sent_as="理解为",
    slots="我所知道的",
    topic="话题",
    correct="更正",
    why="为什么这样回答？",
    new_value="新的值",
    save="保存",
    cancel="取消",
    empty_clears="留空即清除。",
    unknown="未知",
    request="问的是：{}",
    everybodys="共同",
    good="有帮助",
    bad="没有帮助",
    from_reply="我的回答",
    from_slot="槽位 {}",
    from_summary="第 {} 轮的摘要",
    from_caller="应用（{}）",
    left_out="略去",
    too_old="只能否定最新的回答；更早的请直接说哪里不对。",
    need_number="这是一个数字，请只写数字。",
)


def words_for(text: str) -> Words:
    """The words in the language of `text`."""
    return CHINESE if _HAN.search(text) else ENGLISH


def apology(error: BaseException, words: Words, reference: str) -> str:
    """What to tell the person: short, what to do now, and nothing of the error's own text."""
    match error:
        case BackendRefused():
            return words.refused
        case BackendError():
            return words.unavailable
        case DialogBusy():
            return words.busy
        case BudgetTooSmall() | ValueError():
            return words.too_long
        case StoreError():
            return words.no_memory
        case StateUnreadable():
            return words.unreadable
        case _:
            return words.broken.format(reference)

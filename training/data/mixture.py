"""The stream of examples that a run learns from: drawn from the sources in proportion, some changed; repeatable."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

from training.config import AugmentConfig, Config
from training.data import augment
from training.data.leaning import refers
from training.data.sources import examples_of, is_validation, values_of
from training.rows import Example


@dataclass(frozen=True)
class Pool:
    """The examples of one source, and the names among them."""

    train: list[Example]
    validation: list[Example]
    names: list[str]
    meanings: dict[str, dict[str, str]]
    """For each dialogue, what its messages mean."""
    values: list[list[str]]
    """For each slot, the values that may stand for one another."""


DRAWS_A_STEP = 2
"""Times the batch size: as many examples are drawn for a step, since some cannot be learnt from."""


class Mixture:
    """`draw(n)` is the n-th training example, always the same one for the same config and data."""

    def __init__(self, config: Config, data: Path) -> None:
        self._config = config
        self._pools: dict[str, Pool] = {}
        for source in config.mix:
            examples = examples_of(source, data, config.seed)
            train = [each for each in examples if not is_validation(each.group, config.validation.share)]
            held = [each for each in examples if is_validation(each.group, config.validation.share)]
            meanings: dict[str, dict[str, str]] = {}
            for each in train:
                meanings.setdefault(each.group, {})[each.utterance] = each.rewrite
            self._pools[source] = Pool(train, held, augment.names_in(train), meanings, values_of(source, data))
        self._sources = list(config.mix)
        self._weights = list(config.mix.values())
        self._late_draw = config.late.from_step * config.fit.batch * DRAWS_A_STEP
        if set(config.late.mix) != set(config.mix):
            raise ValueError("the late mix is of the same sources as the mix; give a source 0 to leave it out")
        self._late_weights = [config.late.mix[source] for source in self._sources]

    def sizes(self) -> dict[str, tuple[int, int]]:
        """Training and validation examples of each source."""
        return {source: (len(pool.train), len(pool.validation)) for source, pool in self._pools.items()}

    def draw(self, n: int) -> Example:
        rng = random.Random(f"{self._config.seed}|{n}")
        late = n >= self._late_draw
        source = rng.choices(self._sources, self._late_weights if late else self._weights)[0]
        return self._changed(self._pools[source], rng, resolved=self._config.late.resolved if late else 0.0)

    def validation(self) -> list[Example]:
        """The examples held back, by the share of their source in the late mix: as they are, and some of them again
        without replies, as complete messages and as changes of topic."""
        rng = random.Random(f"{self._config.seed}|validation")
        total = sum(self._late_weights)
        found: list[Example] = []
        for source, weight in zip(self._sources, self._late_weights, strict=True):
            held = self._pools[source].validation
            wanted = min(len(held), round(self._config.validation.most * weight / total))
            drawn = rng.sample(held, wanted)
            found += drawn
            found += [augment.users_only(each) for each in drawn if rng.random() < 0.5]
            alone = [each for each in drawn if not refers(each.rewrite, each.lang)]
            found += [augment.complete(each) for each in alone if rng.random() < 0.2]
            found += [augment.after_another(each, rng.choice(held)) for each in alone if rng.random() < 0.2]
        return found

    def _changed(self, pool: Pool, rng: random.Random, *, resolved: float) -> Example:
        rates: AugmentConfig = self._config.augment
        example = rng.choice(pool.train)
        if resolved and rng.random() < resolved:
            example = augment.resolved(example, pool.meanings[example.group])
        if pool.names and rng.random() < rates.renamed:
            example = augment.renamed(example, pool.names, rng)
        if pool.values and rng.random() < rates.revalued:
            example = augment.revalued(example, pool.values, rng)
        if example.caller and rng.random() < rates.no_caller:
            example = example.with_(caller=())
        if rng.random() < rates.users_only:
            example = augment.users_only(example)
        roll = rng.random()
        stands_alone = not refers(example.rewrite, example.lang)
        if roll < rates.complete:
            return augment.complete(example) if stands_alone else example
        roll -= rates.complete
        if roll < rates.switch and stands_alone:
            return augment.after_another(example, rng.choice(pool.train))
        roll -= rates.switch
        return augment.partly_resolved(example, rng) if roll < rates.partly else example

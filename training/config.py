"""What a training run is told, read from a TOML file; an unknown or missing key is an error."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
CONFIGS = Path(__file__).parent / "configs"


@dataclass(frozen=True)
class NetworkConfig:
    """`start`: "minilm" for the first layers of all-MiniLM-L6-v2, "shipped" for the weights that the repository has,
    or the name of another config, to train on from what its run left."""

    layers: int
    dropout: float
    start: str


@dataclass(frozen=True)
class FitConfig:
    """Rates are peak learning rates, after `warmup` steps; they fall to zero in a straight line over `steps`."""

    batch: int
    steps: int
    warmup: int
    encoder_rate: float
    head_rate: float
    pieces_rate: float
    decay: float
    clip: float
    save_every: int


@dataclass(frozen=True)
class ValidationConfig:
    """`share` of the dialogues are held back, and about `most` examples drawn of them; `languages` are those in which
    the network is to be asked at all."""

    share: float
    most: int
    languages: list[str]


@dataclass(frozen=True)
class AugmentConfig:
    """Probabilities: of a message made complete, in another dialogue, or with part of the work done; of a name or of
    values of slots swapped; of a history without replies or without what the caller vouches for; and, of each word
    for itself, of being unreadable."""

    complete: float
    switch: float
    partly: float
    renamed: float
    revalued: float
    users_only: float
    no_caller: float
    blank: float


@dataclass(frozen=True)
class LateConfig:
    """What changes from step `from_step` on: the mix, and how often a history shows what its messages meant (as the
    product shows it) in place of what was said."""

    from_step: int
    resolved: float
    mix: dict[str, float]


@dataclass(frozen=True)
class Config:
    name: str
    seed: int
    network: NetworkConfig
    fit: FitConfig
    validation: ValidationConfig
    augment: AugmentConfig
    mix: dict[str, float]
    late: LateConfig

    @property
    def goes_on_from(self) -> str | None:
        """The config whose run this one goes on from, if any."""
        start = self.network.start
        return None if start in ("minilm", "shipped") else start

    @property
    def reads_chinese(self) -> bool:
        """Whether anything Chinese is learnt from."""
        return any(source.startswith("zh/") for source in self.mix)


def read_config(name: str) -> Config:
    """The config called `name` in `training/configs`, or in the file of that path."""
    path = Path(name) if name.endswith(".toml") else CONFIGS / f"{name}.toml"
    if not path.exists():
        known = ", ".join(sorted(each.stem for each in CONFIGS.glob("*.toml")))
        raise ValueError(f"no config {name!r}; there are {known}")
    with path.open("rb") as file:
        raw = tomllib.load(file)
    return Config(
        name=raw["name"],
        seed=raw["seed"],
        network=_section(NetworkConfig, raw["network"], path),
        fit=_section(FitConfig, raw["fit"], path),
        validation=_section(ValidationConfig, raw["validation"], path),
        augment=_section(AugmentConfig, raw["augment"], path),
        mix=dict(raw["mix"]),
        late=_section(LateConfig, raw["late"], path),
    )


def _section(of: type[T], raw: dict[str, Any], path: Path) -> T:
    names = {each.name for each in fields(of)}  # type: ignore[arg-type]
    if names != set(raw):
        raise ValueError(f"{path.name}: {of.__name__} has {sorted(names)}, the file gives {sorted(raw)}")
    return of(**raw)

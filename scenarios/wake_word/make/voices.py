# SPDX-License-Identifier: Apache-2.0
"""Who speaks: every synthetic or recorded speaker, and on which side of the split.

A *speaker* is what must not cross from training to test. The same person under
two engines (awb in flite is alan in RHVoice, slt exists in three engines) is one
speaker. An espeak-ng speaker is a variant, whatever accent it speaks; of variants
whose formant tables are copies, all stand on one side or only one is listed. Similar
ones remain on both sides: m7 beside Nguyen, belinda beside aunty.

In training a variant speaks every accent: more speech from few speakers. In the test
every speaker has one accent and one language, so that speakers can be counted.
"""

from __future__ import annotations

from dataclasses import dataclass

# accent -> espeak-ng languages. The non-native ones read a respelling of English.
ESPEAK_ACCENTS: dict[str, tuple[str, ...]] = {
    "american": ("en-us", "en-us-nyc"),
    "british": ("en-gb", "en-gb-x-rp"),
    "regional": ("en-gb-x-gbclan", "en-gb-x-gbcwmd"),
    "scottish": ("en-gb-scotland",),
    "caribbean": ("en-029",),
    "non_native": ("fi", "it", "cs", "es", "de", "pl"),
}
_TEST_NON_NATIVE = ("fi", "es")  # those in which `quick` misses the wake phrase most
ACCENTS = tuple(ESPEAK_ACCENTS)
SPLITS = ("train", "test")


@dataclass(frozen=True)
class Voice:
    """One speaker as one engine renders it."""

    engine: str  # espeak, flite, festival, rhvoice, pico
    handle: str  # what the engine calls it
    speaker: str  # identity for the split
    sex: str  # female, male
    accent: str
    split: str
    language: str = "en"  # selects the respelling

    @property
    def label(self) -> str:
        return f"{self.engine}:{self.speaker}"


_ESPEAK_VARIANTS: dict[tuple[str, str], str] = {
    ("train", "female"): "Annie Alicia anika f1 f2 f5 aunty grandma",
    ("train", "male"): (
        "Alex Andy Diogo Jacky Mario Mike Nguyen antonio boris ed klatt4 edward "
        "m1 m3 m5 iven marcelo paul travis victor"
    ),
    ("test", "female"): "f3 f4 belinda steph Andrea",
    ("test", "male"): "Denis Gene Marco gustave m2 m4 m7 quincy adam sandro",
}

_RECORDED: tuple[Voice, ...] = (
    Voice("flite", "kal16", "kal", "male", "american", "train"),
    Voice("festival", "kal_diphone", "kal", "male", "american", "train"),
    Voice("flite", "slt", "slt", "female", "american", "train"),
    Voice("festival", "cmu_us_slt_arctic_hts", "slt", "female", "american", "train"),
    Voice("rhvoice", "slt", "slt", "female", "american", "train"),
    Voice("rhvoice", "bdl", "bdl", "male", "american", "train"),
    Voice("pico", "en-US", "lh0", "female", "american", "train"),
    Voice("flite", "awb", "awb", "male", "scottish", "train"),
    Voice("rhvoice", "alan", "awb", "male", "scottish", "train"),
    Voice("festival", "suo_fi_lj_diphone", "lj", "female", "non_native", "train", "fi"),
    Voice("festival", "pc_diphone", "pc", "male", "non_native", "train", "it"),
    Voice("festival", "czech_machac", "machac", "male", "non_native", "train", "cs"),
    Voice("festival", "czech_krb", "krb", "male", "non_native", "train", "cs"),
    Voice("festival", "upc_ca_ona_hts", "ona", "female", "non_native", "train", "ca"),
    Voice("flite", "rms", "rms", "male", "american", "test"),
    Voice("festival", "ked_diphone", "ked", "male", "american", "test"),
    Voice("rhvoice", "clb", "clb", "female", "american", "test"),
    Voice("pico", "en-GB", "kh0", "female", "british", "test"),
    Voice("festival", "hy_fi_mv_diphone", "mv", "male", "non_native", "test", "fi"),
    Voice("festival", "lp_diphone", "lp", "female", "non_native", "test", "it"),
    Voice("festival", "czech_dita", "dita", "female", "non_native", "test", "cs"),
    Voice("festival", "czech_ph", "ph", "male", "non_native", "test", "cs"),
)

# Speakers we made up (see variants.py): the engine's own are too few.
_MADE_UP_TRAIN = {"female": 24, "male": 24}  # each in every accent
_MADE_UP_TEST = {accent: 60 if accent == "non_native" else 100 for accent in ACCENTS}  # of both sexes in turn


def made_up_speakers(split: str, accent: str) -> list[tuple[str, str]]:
    """(name, sex) of each made-up espeak-ng speaker of one accent."""
    if split == "test":
        return [(f"{accent}-{i}", ("female", "male")[i % 2]) for i in range(_MADE_UP_TEST[accent])]
    counts = _MADE_UP_TRAIN.items()
    return [(f"random-{sex}-{i}", sex) for sex, count in counts for i in range(count)]


def _espeak_speakers(split: str, accent: str) -> list[tuple[str, str]]:
    """The engine's own, dealt out to the accents on the test side, and the made-up ones."""
    start, step = (ACCENTS.index(accent), len(ACCENTS)) if split == "test" else (0, 1)
    found = [
        (name, sex)
        for (side, sex), names in _ESPEAK_VARIANTS.items()
        if side == split
        for name in names.split()[start::step]
    ]
    return found + made_up_speakers(split, accent)


def espeak_voices(split: str, accent: str) -> list[Voice]:
    """The espeak-ng voices of one accent on one side: in training a speaker has every language."""
    languages = ESPEAK_ACCENTS[accent]
    if split == "test" and accent == "non_native":
        languages = _TEST_NON_NATIVE
    found: list[Voice] = []
    for place, (name, sex) in enumerate(_espeak_speakers(split, accent)):
        # Both sexes come to every language: they take turns, so a language lasts for two.
        turn = place // 2 % len(languages)
        for language in languages if split == "train" else languages[turn : turn + 1]:
            spelling = language if accent == "non_native" else "en"
            found.append(Voice("espeak", f"{language}+{name}", name, sex, accent, split, spelling))
    return found


def recorded_voices(split: str, accent: str) -> list[Voice]:
    """The voices built from recordings of a person."""
    return [v for v in _RECORDED if v.split == split and v.accent == accent]


def check_disjoint() -> None:
    """Raise if a speaker stands on both sides of the split."""
    sides: dict[str, set[str]] = {split: set() for split in SPLITS}
    for split in SPLITS:
        for accent in ACCENTS:
            for voice in espeak_voices(split, accent) + recorded_voices(split, accent):
                sides[split].add(voice.speaker)
    both = sides["train"] & sides["test"]
    if both:
        raise ValueError(f"speakers on both sides of the split: {sorted(both)}")

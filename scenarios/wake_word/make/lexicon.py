# SPDX-License-Identifier: Apache-2.0
"""What is said: the wake phrase, words close to it, and ordinary words.

Each phrase has an English spelling and a phonemic respelling that a Finnish,
Czech, Italian, ... voice reads aloud: that is our non-native accent.
"""

from __future__ import annotations

WAKE = ("hey jasper", "hei Jasper")

# (English, respelling). Near words share sounds with the wake phrase. J is the
# sound of jasper's first letter, which few of our languages have.
NEAR = (
    ("hey jester", "hei Jester"),
    ("hey casper", "hei kasper"),
    ("hey Jason", "hei Jeison"),
    ("hey Jessica", "hei Jesika"),
    ("hey James", "hei Jeims"),
    ("hey Jack", "hei Jak"),
    ("hey whisper", "hei visper"),
    ("hey Aspen", "hei aspen"),
    ("hey Harper", "hei harper"),
    ("jasper", "Jasper"),
    ("hey", "hei"),
    ("hey Jupiter", "hei Jupiter"),
    ("say jasmine", "sei Jasmin"),
    ("ask her", "ask her"),
    ("hey Carter", "hei karter"),
    ("a jaguar", "e Jaguar"),
    ("hey computer", "hei kompjuter"),
)
WORDS = (
    ("yes", "jes"),
    ("no", "nou"),
    ("stop", "stop"),
    ("go left", "gou left"),
    ("turn right", "tern rait"),
    ("good morning", "gud morning"),
    ("play music", "plei mjusik"),
    ("lights off", "laits of"),
    ("open the window", "oupen de vindou"),
    ("computer", "kompjuter"),
    ("hello there", "helou der"),
    ("eleven", "ileven"),
    ("water", "voter"),
    ("thank you", "senk ju"),
    ("maybe later", "meibi leiter"),
    ("volume up", "voljum ap"),
    ("never mind", "never maind"),
    ("tomorrow", "tumorou"),
    ("what time is it", "vot taim is it"),
    ("call my mother", "kol mai mader"),
    ("seven", "seven"),
    ("kitchen", "kiten"),
)
# Said by test speakers only, so the test also measures unheard words.
TEST_NEAR = (
    ("hey Jenny", "hei Jeni"),
    ("hey master", "hei master"),
    ("hey Victor", "hei viktor"),
    ("the last bus", "de last bas"),
)
TEST_WORDS = (
    ("winter weather", "vinter veder"),
    ("start the timer", "start de taimer"),
    ("banana", "banana"),
    ("seventy", "seventi"),
)

# Applied in order, to the whole respelling.
_LETTERS: dict[str, tuple[tuple[str, str], ...]] = {
    "fi": (("J", "ts"),),
    "cs": (("J", "dz"),),
    "it": (
        ("j", "i"),
        ("h", ""),
        ("ke", "che"),
        ("ki", "chi"),
        ("k", "c"),
        ("Je", "ge"),
        ("J", "gi"),
    ),
    "es": (("j", "y"), ("J", "y"), ("h", "j")),
    "ca": (("j", "i"), ("J", "j")),
    "de": (("v", "w"), ("J", "dsch")),
    "pl": (("v", "w"), ("J", "d\u017c")),
}


def spell(phrase: tuple[str, str], language: str) -> str:
    """The text a voice of this language is given."""
    english, respelt = phrase
    if language == "en":
        return english
    for old, new in _LETTERS[language]:
        respelt = respelt.replace(old, new)
    return respelt

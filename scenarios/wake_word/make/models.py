# SPDX-License-Identifier: Apache-2.0
"""The networks: three small ones that ship, and a large one that teaches."""

from __future__ import annotations

import keras
from keras import layers

from features import COEFFICIENTS, FRAMES

_CLASSES = 3


def _start() -> keras.KerasTensor:
    return keras.Input((FRAMES, COEFFICIENTS, 1))


def _activated(x):
    return layers.ReLU(max_value=6.0)(layers.BatchNormalization()(x))


def _conv(x, width: int, kernel, strides=1):
    return _activated(layers.Conv2D(width, kernel, strides, "same", use_bias=False)(x))


def _full_height(x, width: int, strides):
    return _activated(layers.Conv2D(width, (5, COEFFICIENTS), strides, "valid", use_bias=False)(x))


def _depthwise(x, kernel, strides=1):
    return _activated(layers.DepthwiseConv2D(kernel, strides, "same", use_bias=False)(x))


def _separable(x, width: int, kernel=3, strides=1):
    return _conv(_depthwise(x, kernel, strides), width, 1)


def shipped() -> keras.Model:
    """DS-CNN with a residual ADD and an AVERAGE_POOL_2D head."""
    start = _start()
    x = _conv(start, 16, (10, 4), 2)
    branch = _depthwise(x, 3)
    branch = layers.Conv2D(16, 1, use_bias=False)(branch)
    branch = layers.BatchNormalization()(branch)
    x = layers.ReLU()(layers.Add()([x, branch]))
    x = _separable(x, 24)
    x = _separable(x, 32, strides=2)
    x = layers.AveragePooling2D((13, 3))(x)
    x = layers.Flatten()(x)
    return _finish(start, x, "shipped")


def slim() -> keras.Model:
    """All ten coefficients at once, then time only: explicit PAD, a MEAN head."""
    start = _start()
    x = layers.ZeroPadding2D(((2, 2), (0, 0)))(start)
    x = _full_height(x, 18, (2, 1))
    x = _separable(x, 18, (9, 1))
    x = _separable(x, 18, (9, 1))
    x = _separable(x, 24, (9, 1), (2, 1))
    x = layers.GlobalAveragePooling2D()(x)
    return _finish(start, x, "slim")


def quick() -> keras.Model:
    """As `slim`, but at full time resolution first, then MAX_POOL_2D."""
    start = _start()
    x = _full_height(start, 24, 1)
    x = layers.MaxPooling2D((2, 1))(x)
    x = _separable(x, 24, (9, 1))
    x = _separable(x, 24, (9, 1))
    x = layers.MaxPooling2D((2, 1))(x)
    x = _separable(x, 32, (7, 1))
    x = layers.AveragePooling2D((11, 1))(x)
    x = layers.Flatten()(x)
    return _finish(start, x, "quick")


def teacher() -> keras.Model:
    """Many times the work of `shipped`; never leaves the training machine."""
    start = _start()
    x = _conv(start, 24, (5, 4), (1, 2))
    x = layers.MaxPooling2D((2, 1))(x)
    for width in (32, 40, 48):
        x = _conv(x, width, 3)
        x = layers.Dropout(0.2)(x)
    x = layers.MaxPooling2D((2, 1))(x)
    x = _conv(x, 64, 3)
    x = layers.GlobalAveragePooling2D()(x)
    return _finish(start, layers.Dropout(0.3)(x), "teacher")


def _finish(start, x, name: str) -> keras.Model:
    return keras.Model(start, layers.Dense(_CLASSES)(x), name=name)


BUILDERS = {"shipped": shipped, "slim": slim, "quick": quick}

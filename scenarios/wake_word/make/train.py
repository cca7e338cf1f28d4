# SPDX-License-Identifier: Apache-2.0
"""Training: plain, and with a teacher's opinion mixed in (distillation)."""

from __future__ import annotations

import keras
import numpy as np
import tensorflow as tf

from recipes import Course

_TEMPERATURE = 2.0


def one_hot(labels: np.ndarray) -> np.ndarray:
    return np.eye(3, dtype=np.float32)[labels]


def soft_labels(teacher: keras.Model, inputs: np.ndarray) -> np.ndarray:
    """The teacher's probabilities, softened."""
    return keras.ops.convert_to_numpy(
        keras.ops.softmax(teacher.predict(inputs, batch_size=1024, verbose=0) / _TEMPERATURE)
    )


def _loss(weight: float):
    def loss(target, logits):
        hard, soft = target[:, :3], target[:, 3:]
        plain = tf.nn.softmax_cross_entropy_with_logits(hard, logits)
        taught = tf.nn.softmax_cross_entropy_with_logits(soft, logits / _TEMPERATURE)
        return (1 - weight) * plain + weight * _TEMPERATURE**2 * taught

    return loss


def _masked(inputs: tf.Tensor, target: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Blank one stretch of time in each example, as SpecAugment does."""
    size = tf.shape(inputs)[0]
    start = tf.random.uniform([size, 1, 1, 1], 0, 49, tf.int32)
    length = tf.random.uniform([size, 1, 1, 1], 0, 6, tf.int32)
    time = tf.range(49)[None, :, None, None]
    keep = tf.logical_or(time < start, time >= start + length)
    return tf.where(keep, inputs, 0.0), target


def fit(model: keras.Model, inputs: np.ndarray, targets: np.ndarray, course: Course) -> None:
    """Train in place; `targets` is [N, 6], hard labels beside the teacher's."""
    keras.utils.set_random_seed(course.seed)
    steps = course.epochs * (len(inputs) // course.batch)
    optimizer = keras.optimizers.AdamW(
        keras.optimizers.schedules.CosineDecay(course.rate, steps), weight_decay=1e-4
    )
    model.compile(optimizer, _loss(course.teacher_weight))
    stream = tf.data.Dataset.from_tensor_slices((inputs, targets))
    stream = stream.shuffle(len(inputs), seed=course.seed)
    stream = stream.batch(course.batch, drop_remainder=True).map(_masked).prefetch(2)
    model.fit(stream, epochs=course.epochs, verbose=2)

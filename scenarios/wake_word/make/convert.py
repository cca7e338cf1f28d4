# SPDX-License-Identifier: Apache-2.0
"""Keras model to a full-integer `.tflite`, with the file's spare bytes removed."""

from __future__ import annotations

import flatbuffers
import keras
import numpy as np
import tensorflow as tf
from tensorflow.lite.python import schema_py_generated as schema
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

import features

_ROWS = 800


def _calibration(inputs: np.ndarray):
    """Real inputs after one that pins the input range, hence its scale and zero point."""
    edge = inputs[0].copy()
    edge[0, 0, 0], edge[0, 1, 0] = features.INPUT_HIGH, features.INPUT_LOW

    def rows():
        yield [edge[None]]
        for row in inputs[:_ROWS]:
            yield [row[None]]

    return rows


def to_int8(model: keras.Model, inputs: np.ndarray) -> bytes:
    """Quantise after training; `inputs` calibrate the activations."""

    @tf.function(input_signature=[tf.TensorSpec((1, features.FRAMES, features.COEFFICIENTS, 1), tf.float32)])
    def serve(x):
        return tf.nn.softmax(model(x, training=False))

    frozen = convert_variables_to_constants_v2(serve.get_concrete_function())
    converter = tf.lite.TFLiteConverter.from_concrete_functions([frozen])
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = _calibration(inputs)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tf.int8
    # One scale for a dense layer's weights, as every engine for small chips supports.
    converter._experimental_disable_per_channel_quantization_for_dense_layers = True
    return strip(converter.convert())


def strip(flatbuffer: bytes) -> bytes:
    """Drop what no interpreter reads: metadata, signatures, long names, float ranges."""
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(flatbuffer, 0))
    model.metadata = model.signatureDefs = model.metadataBuffer = None
    graph = model.subgraphs[0]
    used = [0, *sorted({t.buffer for t in graph.tensors} - {0})]
    model.buffers = [model.buffers[i] for i in used]
    for index, tensor in enumerate(graph.tensors):
        tensor.buffer = used.index(tensor.buffer)
        tensor.name = f"t{index}"
        tensor.shapeSignature = None
        if tensor.quantization is not None:
            tensor.quantization.min = tensor.quantization.max = None
    graph.tensors[graph.inputs[0]].name = "input"
    graph.tensors[graph.outputs[0]].name = "output"
    builder = flatbuffers.Builder(len(flatbuffer))
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())

// SPDX-License-Identifier: Apache-2.0
#include "refusal.hpp"

#include <string>

#include "base/visible.hpp"

namespace tinyhil::device {

namespace {

struct Explanation {
  std::string what;
  std::string remedy;
};

// Of an answer, or of what was to be pushed.
Explanation explain_size(const thil_refused& refusal, const std::string& value) {
  if (refusal.request == THIL_ID_run) {
    return {"the elements that `top_k` asks for fill more than the " + value + " bytes of a frame",
            "lower `top_k`, or write `results: digest` or `results: full`"};
  }
  return {"larger than the slot of " + value + " bytes",
          "make the model smaller, or the port's slots larger (thil_port_memory_get)"};
}

Explanation explain_reason(const thil_refused& refusal, const std::string& detail) {
  const std::string value = std::to_string(refusal.value);
  switch (static_cast<thil_refusal>(refusal.reason)) {
    case THIL_REFUSED_MALFORMED:
      return {"the request is malformed",
              "host and agent disagree on the protocol: build both from one version"};
    case THIL_REFUSED_UNKNOWN:
      return {"the agent does not know this request", "build the agent from the same version as the host"};
    case THIL_REFUSED_NO_SLOT:
      return {"there is no such slot, only " + value, "give the port more slots (thil_port_memory_get)"};
    case THIL_REFUSED_TOO_LARGE:
      return explain_size(refusal, value);
    case THIL_REFUSED_NOT_PUSHING:
      return {"no push is in progress", "the device lost its session, for example by a reset: run again"};
    case THIL_REFUSED_DIGEST:
      return {"what arrived does not match its digest", "check the cable, lower the baud rate"};
    case THIL_REFUSED_EMPTY_SLOT:
      return {"the slot is empty", "the device lost its memory, for example by a reset: run again"};
    case THIL_REFUSED_MODEL_MALFORMED:
      return {"the model is not a valid .tflite file: " + detail,
              "export the model again; compare its digest"};
    case THIL_REFUSED_MODEL_UNSUPPORTED:
      return {"the engine cannot run this model: " + detail,
              "see with `tinyhil check` all that it lacks, or link another engine"};
    case THIL_REFUSED_ARENA:
      return {
          "the arena is too small: the model needs " +
              (refusal.value != 0 ? value + " bytes" : std::string("more; the engine cannot tell how much")),
          "make the model smaller, or the port's arena larger (thil_port_memory_get)"};
    case THIL_REFUSED_NOT_LOADED:
      return {"no model is loaded", "the device lost its session, for example by a reset: run again"};
    case THIL_REFUSED_RANGE:
      return {"the slot holds " + value + " vectors, fewer than asked for",
              "report this: the host asked wrongly"};
    case THIL_REFUSED_LOAD:
      return {
          "the engine could not load the model, and cannot tell why" + (detail.empty() ? "" : ": " + detail),
          "see whether the arena is too small, an operator is not linked in, or the file is damaged"};
    case THIL_REFUSED_OUTPUTS:
      return {"the model has several outputs, and `top_k` has the largest elements of one",
              "write `results: digest` or `results: full`"};
    case THIL_REFUSED_REST:
      return {"the board's port has no such power state",
              "write `thil_port_rest` (docs/porting.md), or measure without this window"};
    case THIL_REFUSED_FIXED_MODEL:
      return {"the model is compiled into the image", "name the image's own model in the campaign"};
  }
  return {"for a reason this host does not know (" + std::to_string(refusal.reason) + ")",
          "build the agent from the same version as the host"};
}

}  // namespace

Fault explain(const thil_refused& refusal) {
  const std::string detail = visible_line({refusal.detail.chars, refusal.detail.size});
  Explanation explanation = explain_reason(refusal, detail);
  return Fault{
      FaultKind::refused,
      std::string("the device refused ") + thil_message_name(refusal.request) + ": " + explanation.what,
      detail, std::move(explanation.remedy)};
}

Fault of_another_session() {
  return {FaultKind::corrupt,
          "who answers says who it was in another session: the number of this one does not come back",
          {},
          "look for what repeats old bytes between host and device"};
}

Fault malformed(const char* message) {
  return Fault{FaultKind::corrupt,
               std::string("the device's answer is not a valid `") + message + "`",
               {},
               "build the agent from the same version as the host"};
}

}  // namespace tinyhil::device

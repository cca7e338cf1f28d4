// SPDX-License-Identifier: Apache-2.0
// What a policy names and a vector set has, or has not.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "model/vector_set.hpp"
#include "model/verdict.hpp"

namespace tinyhil::gate {

// Its index in the vector set; nothing when there is none of this name.
std::optional<std::size_t> slice_named(const std::string& name, const VectorSet& vectors);
std::optional<std::size_t> class_named(const std::string& name, const VectorSet& vectors);

std::optional<std::size_t> value_named(const std::string& name, const Slice& slice);

// The check to give then, an error that names the nearest.
Check no_such_slice(const std::string& name, const VectorSet& vectors);
Check no_such_class(const std::string& name, const VectorSet& vectors);
Check no_such_value(const std::string& name, const Slice& slice);

}  // namespace tinyhil::gate

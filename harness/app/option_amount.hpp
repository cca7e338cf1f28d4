// SPDX-License-Identifier: Apache-2.0
// Options whose value is written with a unit.
#pragma once

#include <CLI/App.hpp>
#include <CLI/Error.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/quantity.hpp"

namespace tinyhil::app {

// What understands the value, and an example for help and errors.
template <class Value>
struct Amount {
  std::optional<Value> (*parse)(std::string_view);
  std::string help;
  std::string example;
};

template <class Value>
Amount(std::optional<Value> (*)(std::string_view), std::string, std::string) -> Amount<Value>;

template <class Target, class Value>
void add_amount(CLI::App& app, const std::string& name, Target& target, const Amount<Value>& quantity) {
  const auto set = [name, &target, parse = quantity.parse,
                    example = quantity.example](const std::string& text) {
    const std::optional<Value> value = parse(text);
    if (!value) throw CLI::ValidationError(name, "`" + text + "` is not such as " + example);
    target = *value;
  };
  app.add_option_function<std::string>(name, set, quantity.help + ", such as " + quantity.example)
      ->type_name("");
}

inline std::optional<double> parse_probability(std::string_view text) {
  const auto ratio = parse_ratio(text);
  return ratio && *ratio <= 1 ? ratio : std::nullopt;
}

}  // namespace tinyhil::app

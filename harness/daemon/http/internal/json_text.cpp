// SPDX-License-Identifier: Apache-2.0
#include "json_text.hpp"

#include <nlohmann/json.hpp>

namespace tinyhil::daemon {

namespace {

constexpr int kDepthMost = 64;

// Keeps nothing of what it hears.
class DepthListener : public nlohmann::json_sax<nlohmann::json> {
 public:
  const std::string& mistake() const { return mistake_; }

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool key(string_t&) override { return true; }
  bool start_object(std::size_t) override { return deeper(); }
  bool end_object() override { return shallower(); }
  bool start_array(std::size_t) override { return deeper(); }
  bool end_array() override { return shallower(); }

  bool parse_error(std::size_t position, const std::string& last,
                   const nlohmann::detail::exception&) override {
    mistake_ =
        "byte " + std::to_string(position) + ": unexpected " + (last.empty() ? "end" : "`" + last + "`");
    return false;
  }

 private:
  bool deeper() {
    if (++depth_ <= kDepthMost) return true;
    mistake_ = "nested deeper than " + std::to_string(kDepthMost);
    return false;
  }
  bool shallower() {
    --depth_;
    return true;
  }

  int depth_ = 0;
  std::string mistake_;
};

}  // namespace

std::optional<std::string> json_mistake(std::string_view text) {
  DepthListener listener;
  const bool good = nlohmann::json::sax_parse(text, &listener);
  return good ? std::nullopt : std::optional(listener.mistake());
}

}  // namespace tinyhil::daemon

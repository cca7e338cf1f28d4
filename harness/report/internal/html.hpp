// SPDX-License-Identifier: Apache-2.0
// Markup that cannot forget to escape: text enters only through text() and attribute values. Used for HTML,
// SVG and JUnit XML alike; what comes out is well-formed XML and valid HTML5 at once.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace tinyhil::report::html {

class Markup {
 public:
  Markup() = default;
  // For literals of this folder only; never for a string that came from outside.
  static Markup trusted(std::string markup);

  Markup& operator+=(const Markup& more);
  friend Markup operator+(Markup left, const Markup& right) { return left += right; }
  bool empty() const { return markup_.empty(); }
  const std::string& str() const { return markup_; }

 private:
  std::string markup_;
};

struct Attribute {
  std::string_view name;
  std::string value;
};
using Attributes = std::initializer_list<Attribute>;

// Escapes & < > " '; a control character becomes its picture (U+2400...), a byte that is not UTF-8 U+FFFD.
std::string escape(std::string_view text);

Markup text(std::string_view text);
// Without content a void or SVG element closes itself; every other gets its end tag.
Markup element(std::string_view tag, Attributes attributes, const Markup& content = {});
Markup element(std::string_view tag, std::string_view css_class, const Markup& content);
// The frequent case: an element with a class and nothing but text.
Markup labelled(std::string_view tag, std::string_view css_class, std::string_view content);

}  // namespace tinyhil::report::html

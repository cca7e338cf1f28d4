// SPDX-License-Identifier: Apache-2.0
#include "html.hpp"

#include <algorithm>
#include <array>

#include "printable.hpp"

namespace tinyhil::report::html {
namespace {

// HTML lets only these close themselves; SVG shapes may as well, and read better so.
constexpr std::array<std::string_view, 9> kSelfClosing{"meta", "br",   "rect", "line",    "circle",
                                                       "use",  "path", "link", "property"};

bool closes_itself(std::string_view tag) {
  return std::find(kSelfClosing.begin(), kSelfClosing.end(), tag) != kSelfClosing.end();
}

std::string_view entity(char character) {
  switch (character) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    case '\r':
      return "&#13;";
    default:
      return {};
  }
}

}  // namespace

Markup Markup::trusted(std::string markup) {
  Markup result;
  result.markup_ = std::move(markup);
  return result;
}

Markup& Markup::operator+=(const Markup& more) {
  markup_ += more.markup_;
  return *this;
}

std::string escape(std::string_view text) {
  std::string out;
  for (const char character : printable(text)) {
    const std::string_view replacement = entity(character);
    if (replacement.empty())
      out += character;
    else
      out += replacement;
  }
  return out;
}

Markup text(std::string_view text) { return Markup::trusted(escape(text)); }

Markup element(std::string_view tag, Attributes attributes, const Markup& content) {
  std::string out = "<";
  out += tag;
  for (const Attribute& attribute : attributes) {
    out += ' ';
    out += attribute.name;
    out += "=\"" + escape(attribute.value) + '"';
  }
  if (content.empty() && closes_itself(tag)) return Markup::trusted(out + "/>");
  out += '>';
  out += content.str();
  out += "</";
  out += tag;
  out += '>';
  return Markup::trusted(std::move(out));
}

Markup element(std::string_view tag, std::string_view css_class, const Markup& content) {
  return element(tag, {{"class", std::string(css_class)}}, content);
}

Markup labelled(std::string_view tag, std::string_view css_class, std::string_view content) {
  return element(tag, css_class, text(content));
}

}  // namespace tinyhil::report::html

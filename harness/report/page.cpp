// SPDX-License-Identifier: Apache-2.0
#include "page.hpp"

namespace tinyhil::page {

html::Markup section(const std::string& id, const std::string& title, const html::Markup& body) {
  return html::element("section", {{"id", id}, {"aria-labelledby", id + "-title"}},
                       html::element("h2", {{"id", id + "-title"}}, html::text(title)) + body);
}

html::Markup note(const std::string& words) { return html::labelled("p", "note", words); }

}  // namespace tinyhil::page

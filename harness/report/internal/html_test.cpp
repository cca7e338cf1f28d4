// SPDX-License-Identifier: Apache-2.0
#include "html.hpp"

#include <gtest/gtest.h>

namespace tinyhil::report::html {
namespace {

TEST(Html, EscapesWhatMarkupWouldTakeForItsOwn) {
  EXPECT_EQ(text("<b> & \"it's\"").str(), "&lt;b&gt; &amp; &quot;it&#39;s&quot;");
}

TEST(Html, EscapesAttributeValues) {
  EXPECT_EQ(element("p", {{"title", "\"><script>"}}).str(), "<p title=\"&quot;&gt;&lt;script&gt;\"></p>");
}

TEST(Html, ClosesOnlyVoidAndShapeElementsThemselves) {
  EXPECT_EQ(element("circle", {{"r", "4"}}).str(), "<circle r=\"4\"/>");
  EXPECT_EQ(element("td", {}).str(), "<td></td>");
}

TEST(Html, NestsMarkupWithoutEscapingItAgain) {
  EXPECT_EQ(element("p", "reason", text("a < b")).str(), "<p class=\"reason\">a &lt; b</p>");
}

}  // namespace
}  // namespace tinyhil::report::html

// SPDX-License-Identifier: Apache-2.0
#include "event_parser.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "reply_text.hpp"

namespace tinyhil::daemon {

namespace {

// "id|name|text" of each event.
std::vector<std::string> events_in(const std::string& text, std::size_t step) {
  EventParser parser;
  std::vector<std::string> events;
  for (std::size_t at = 0; at < text.size(); at += step) {
    EXPECT_TRUE(parser.put(std::string_view(text).substr(at, step)));
    while (const auto event = parser.next())
      events.push_back(event->id + "|" + event->name + "|" + event->text);
  }
  return events;
}

TEST(EventParser, ReadsAsBrowsersDo) {
  const std::vector<std::pair<std::string, std::vector<std::string>>> cases{
      {"data: a\n\n", {"||a"}},
      {"data:a\r\rdata:  b\r\n\r\n", {"||a", "|| b"}},
      {"id: 7\nevent: lease\ndata: a\ndata: b\n\n", {"7|lease|a\nb"}},
      {"id: 7\ndata: a\n\ndata: b\n\nid\ndata: c\n\n", {"7||a", "7||b", "||c"}},
      {"event: x\n\ndata: a\n\n", {"||a"}},
      {": comment\n\nretry: 5\nunknown: z\ndata\n\n", {"||"}},
      {"data: not ended\n", {}},
  };
  for (const auto& [text, events] : cases) {
    for (const std::size_t step : {std::size_t{1}, std::size_t{3}, text.size()}) {
      EXPECT_EQ(events_in(text, step), events) << text;
    }
  }
}

TEST(EventParser, ReadsWhatAServerWrites) {
  const Event event{"4\n2", "a\rb", "two\nlines\r\nand more\n"};
  EXPECT_EQ(events_in(event_text(event), 5), std::vector<std::string>{"4 2|a b|two\nlines\n\nand more\n"});
}

TEST(EventParser, BoundsAnEvent) {
  EventParser line;
  EXPECT_FALSE(line.put(std::string(EventParser::kEventMost + 1, 'x')));
  EventParser lines;
  bool good = true;
  for (int i = 0; i < 5 && good; ++i) good = lines.put("data: " + std::string(1'000'000, 'x') + "\n");
  EXPECT_FALSE(good);
}

}  // namespace

}  // namespace tinyhil::daemon

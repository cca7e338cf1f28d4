// SPDX-License-Identifier: Apache-2.0
// The page as a browser asks for it. What it does there is tested in tests/page_test.py.
#include "page.hpp"

#include <gmock/gmock.h>

#include <string>

#include "daemon/page/internal/page_file.hpp"
#include "testing/live_server.hpp"
#include "testing/raw_connection.hpp"

namespace tinyhil::daemon {

namespace {

using test::LiveServer;
using test::RawConnection;
using testing::HasSubstr;

std::string header_of(const Reply& reply, const std::string& name) {
  for (const Header& header : reply.headers) {
    if (header.name == name) return header.value;
  }
  return "";
}

std::string get(std::string_view path, const std::string& headers = "") {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: here\r\n" + headers + "\r\n";
}

TEST(Page, IsAtTheRootAndLoadsNothingFromElsewhere) {
  LiveServer server(page_routes());
  const Reply reply = server.connect().ask(get("/"));
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.content_type, "text/html; charset=utf-8");
  EXPECT_THAT(reply.body, HasSubstr("<title>tinyhil</title>"));
  EXPECT_THAT(header_of(reply, "Content-Security-Policy"), HasSubstr("default-src 'self'"));
  EXPECT_THAT(header_of(reply, "Content-Security-Policy"), Not(HasSubstr("unsafe")));
}

TEST(Page, IsNotSentAgainToWhoHasIt) {
  LiveServer server(page_routes());
  RawConnection connection = server.connect();
  const std::string tag = header_of(connection.ask(get("/")), "ETag");
  const Reply same = connection.ask(get("/", "If-None-Match: " + tag + "\r\n"));
  EXPECT_EQ(same.status, 304);
  EXPECT_EQ(same.body, "");
  EXPECT_EQ(header_of(same, "ETag"), tag);
  EXPECT_EQ(header_of(same, "Cache-Control"), "no-cache");
  EXPECT_EQ(connection.ask(get("/", "If-None-Match: \"another\"\r\n")).status, 200);
}

TEST(Page, NamesItsScriptsAndStylesByTheirContentSoThatTheyAreKept) {
  if (page_files().size() == 1) GTEST_SKIP() << "built with TINYHIL_PAGE=OFF";
  LiveServer server(page_routes());
  RawConnection connection = server.connect();
  const Reply index = connection.ask(get("/"));
  for (const PageFile& file : page_files().subspan(1)) {
    EXPECT_THAT(index.body, HasSubstr(std::string(file.path)));
    const Reply reply = connection.ask(get(file.path));
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.content_type, file.type);
    EXPECT_EQ(header_of(reply, "Content-Encoding"), "gzip");
    EXPECT_EQ(header_of(reply, "Cache-Control"), "public, max-age=31536000, immutable");
    EXPECT_EQ(reply.body.substr(0, 2), "\x1f\x8b") << "the mark of gzip";
  }
}

}  // namespace

}  // namespace tinyhil::daemon

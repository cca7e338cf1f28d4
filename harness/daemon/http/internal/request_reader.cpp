// SPDX-License-Identifier: Apache-2.0
#include "request_reader.hpp"

#include <algorithm>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <cassert>
#include <utility>

namespace tinyhil::daemon {

namespace http = boost::beast::http;

namespace {

// A line between two chunks, or behind the last; Beast looks for its end however far that is.
constexpr std::size_t kLeftOverMost = 64UL * 1024;

boost::beast::string_view to_beast(std::string_view text) { return {text.data(), text.size()}; }
std::string_view from_beast(boost::beast::string_view text) { return {text.data(), text.size()}; }

int status_of(const boost::system::error_code& error) {
  if (error == http::error::header_limit) return 431;
  return error == http::error::body_limit || error == http::error::buffer_overflow ? 413 : 400;
}

}  // namespace

// As http::string_body, but without room for all that the header announces: who announces has sent nothing
// yet.
struct GrowingBody {
  using value_type = std::string;
  class reader {  // NOLINT(readability-identifier-naming): the name that Beast asks for
   public:
    template <bool isRequest, class Fields>
    reader(http::header<isRequest, Fields>& /*header*/, value_type& body) : body_(body) {}
    void init(const boost::optional<std::uint64_t>& /*length*/, boost::system::error_code& error) {
      error = {};
    }
    template <class Buffers>
    std::size_t put(const Buffers& buffers, boost::system::error_code& error) {
      const std::size_t before = body_.size();
      for (auto piece = boost::asio::buffer_sequence_begin(buffers);
           piece != boost::asio::buffer_sequence_end(buffers); ++piece)
        body_.append(static_cast<const char*>(boost::asio::const_buffer(*piece).data()),
                     boost::asio::const_buffer(*piece).size());
      error = {};
      return body_.size() - before;
    }
    void finish(boost::system::error_code& error) { error = {}; }

   private:
    value_type& body_;
  };
};

struct RequestReader::Parser : http::request_parser<GrowingBody> {};

RequestReader::RequestReader(std::size_t header_most)
    : parser_(std::make_unique<Parser>()), header_left_(header_most) {
  parser_->header_limit(static_cast<std::uint32_t>(header_most + 1));
  parser_->body_limit(boost::none);
}

RequestReader::~RequestReader() = default;

void RequestReader::fail(int status) {
  stage_ = ReadStage::failed;
  failure_ = status;
}

// A proxy in front of us could see another request where the length is told twice, or in another coding.
bool RequestReader::is_consistent() const {
  const std::size_t codings = count("Transfer-Encoding");
  if (codings > 1 || count("Content-Length") > 1 || (codings == 1 && count("Content-Length") == 1))
    return false;
  return codings == 0 || boost::beast::iequals(to_beast(value("Transfer-Encoding")), "chunked");
}

std::size_t RequestReader::put_once(std::string_view bytes) {
  boost::system::error_code error;
  const bool header = stage_ == ReadStage::header;
  const std::size_t used = parser_->put(boost::asio::buffer(bytes.data(), bytes.size()), error);
  // Beast begins to count anew behind each field that it has read.
  const std::size_t header_bytes = !header ? 0 : error ? bytes.size() : used;
  if (error && error != http::error::need_more) {
    fail(status_of(error));
  } else if (header_bytes > header_left_) {
    fail(431);
  } else if (error && bytes.size() - used > kLeftOverMost) {
    fail(400);
  } else if (header && parser_->is_header_done()) {
    stage_ = parser_->is_done() ? ReadStage::whole : ReadStage::body;
    if (!is_consistent()) fail(400);
  } else if (parser_->is_done()) {
    stage_ = ReadStage::whole;
  }
  if (header) header_left_ -= std::min(used, header_left_);
  return used;
}

std::size_t RequestReader::put(std::string_view bytes) {
  std::size_t used = 0;
  while (used < bytes.size() &&
         (stage_ == ReadStage::header || (stage_ == ReadStage::body && body_allowed_))) {
    const std::size_t step = put_once(bytes.substr(used));
    used += step;
    if (step == 0) break;
  }
  return used;
}

bool RequestReader::is_empty() const { return !parser_->got_some(); }

void RequestReader::allow_body(std::size_t most) {
  assert(stage_ == ReadStage::body);
  if (length().value_or(0) > most) return fail(413);
  parser_->body_limit(most);
  body_allowed_ = true;
}

std::string_view RequestReader::method() const { return from_beast(parser_->get().method_string()); }
std::string_view RequestReader::target() const { return from_beast(parser_->get().target()); }
bool RequestReader::keep_alive() const { return parser_->keep_alive(); }
bool RequestReader::has_body() const { return parser_->chunked() || length().value_or(0) > 0; }

std::optional<std::uint64_t> RequestReader::length() const {
  const boost::optional<std::uint64_t> length = parser_->content_length();
  return length ? std::optional(*length) : std::nullopt;
}

std::size_t RequestReader::count(std::string_view name) const { return parser_->get().count(to_beast(name)); }

std::string_view RequestReader::value(std::string_view name) const {
  const auto& fields = parser_->get();
  const auto field = fields.find(to_beast(name));
  return field == fields.end() ? std::string_view() : from_beast(field->value());
}

std::string RequestReader::take_body() {
  assert(stage_ == ReadStage::whole);
  return std::move(parser_->get().body());
}

std::string RequestReader::take_piece() { return std::exchange(parser_->get().body(), {}); }

}  // namespace tinyhil::daemon

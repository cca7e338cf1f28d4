// SPDX-License-Identifier: Apache-2.0
#include "response_reader.hpp"

#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <utility>

namespace tinyhil::daemon {

namespace http = boost::beast::http;

namespace {

constexpr std::uint32_t kResponseHeaderMost = 64U * 1024;
constexpr int kSwitching = 101;                   // what follows is no HTTP any more
constexpr std::size_t kUnusedMost = 64UL * 1024;  // of a line between two chunks

}  // namespace

struct ResponseReader::Parser : http::response_parser<http::string_body> {};

ResponseReader::ResponseReader(std::size_t body_most) : body_most_(body_most) { renew(); }

ResponseReader::~ResponseReader() = default;

void ResponseReader::renew() {
  parser_ = std::make_unique<Parser>();
  parser_->header_limit(kResponseHeaderMost);
  parser_->body_limit(body_most_ == 0 ? boost::optional<std::uint64_t>() : body_most_);
  stage_ = ReadStage::header;
}

std::size_t ResponseReader::put(std::string_view bytes) {
  std::size_t used = 0;
  got_some_ = got_some_ || !bytes.empty();
  while (used < bytes.size() && stage_ < ReadStage::whole) {
    boost::system::error_code error;
    const std::size_t step =
        parser_->put(boost::asio::buffer(bytes.data() + used, bytes.size() - used), error);
    used += step;
    if (stage_ == ReadStage::header) header_bytes_ += step;
    if (error && error != http::error::need_more) {
      stage_ = ReadStage::failed;
    } else if (parser_->is_done()) {
      stage_ = ReadStage::whole;
    } else if (parser_->is_header_done()) {
      stage_ = ReadStage::body;
    }
    const int status = static_cast<int>(parser_->get().result_int());
    if (stage_ == ReadStage::whole && status < 200 && status != kSwitching) renew();
    if (step == 0 || error) break;
  }
  if (header_bytes_ > kResponseHeaderMost) stage_ = ReadStage::failed;
  if (stage_ < ReadStage::whole && bytes.size() - used > kUnusedMost) stage_ = ReadStage::failed;
  return used;
}

void ResponseReader::end() {
  if (stage_ == ReadStage::whole) return;
  boost::system::error_code error = http::error::partial_message;
  if (stage_ == ReadStage::body) parser_->put_eof(error);
  stage_ = error ? ReadStage::failed : ReadStage::whole;
}

bool ResponseReader::keep_alive() const { return parser_->keep_alive(); }

Reply ResponseReader::header() const {
  const auto& message = parser_->get();
  Reply reply;
  reply.status = static_cast<int>(message.result_int());
  reply.content_type = std::string(message[http::field::content_type]);
  for (const auto& field : message) {
    reply.headers.push_back({std::string(field.name_string()), std::string(field.value())});
  }
  return reply;
}

std::string ResponseReader::take_body() { return std::exchange(parser_->get().body(), {}); }

}  // namespace tinyhil::daemon

// SPDX-License-Identifier: Apache-2.0
// The part that every Asio byte stream shares: reading and writing with our kind of failure.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/system/system_error.hpp>

#include "transport.hpp"

namespace tinyhil {

// A cancelled operation throws, so that a deadline or Ctrl-C is never mistaken for a line that ended.
inline void throw_if_cancelled(const boost::system::error_code& error) {
  if (error == asio::error::operation_aborted) throw boost::system::system_error(error);
}

template <class Stream>
class StreamTransport : public Transport {
 public:
  StreamTransport(Stream stream, std::string description)
      : stream_(std::move(stream)), description_(std::move(description)) {}

  asio::awaitable<Result<std::size_t>> read(std::span<std::uint8_t> into) override {
    boost::system::error_code error;
    const std::size_t size = co_await stream_.async_read_some(
        asio::buffer(into.data(), into.size()), asio::redirect_error(asio::use_awaitable, error));
    throw_if_cancelled(error);
    if (error) co_return gone(error);
    co_return size;
  }

  asio::awaitable<Result<void>> write(std::span<const std::uint8_t> bytes) override {
    boost::system::error_code error;
    co_await asio::async_write(stream_, asio::buffer(bytes.data(), bytes.size()),
                               asio::redirect_error(asio::use_awaitable, error));
    throw_if_cancelled(error);
    if (error) co_return gone(error);
    co_return Result<void>();
  }

  void finish_writing() override {
    if constexpr (requires(boost::system::error_code error) {
                    stream_.shutdown(Stream::shutdown_send, error);
                  }) {
      boost::system::error_code gone_already;  // the next read will say so
      stream_.shutdown(Stream::shutdown_send, gone_already);
    }
  }

  std::string describe() const override { return description_; }

 private:
  Fault gone(const boost::system::error_code& error) {
    return Fault{FaultKind::gone, description_ + " ended: " + error.message(), last_words()};
  }

  Stream stream_;
  std::string description_;
};

}  // namespace tinyhil

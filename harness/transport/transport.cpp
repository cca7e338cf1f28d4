// SPDX-License-Identifier: Apache-2.0
#include "transport.hpp"

namespace tinyhil::transport {

asio::awaitable<Result<std::size_t>> Transport::read(std::span<std::uint8_t> into) {
  while (true) {
    Result<std::size_t> size = read_some(into);
    if (!size || *size > 0) co_return size;
    co_await wait(Until::readable);
  }
}

asio::awaitable<Result<void>> Transport::write(std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    Result<std::size_t> size = write_some(bytes);
    if (!size) co_return size.error();
    bytes = bytes.subspan(*size);
    if (!bytes.empty()) co_await wait(Until::writable);
  }
  co_return Result<void>();
}

}  // namespace tinyhil::transport

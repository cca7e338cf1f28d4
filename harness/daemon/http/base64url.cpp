// SPDX-License-Identifier: Apache-2.0
#include "base64url.hpp"

#include <openssl/evp.h>

#include <algorithm>

namespace tinyhil::daemon {

std::optional<std::string> from_base64url(std::string_view text) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const std::size_t padding = (4 - text.size() % 4) % 4;
  if (padding == 3 || text.find_first_not_of(kDigits) != std::string_view::npos) return std::nullopt;
  std::string padded(text);
  std::replace(padded.begin(), padded.end(), '-', '+');
  std::replace(padded.begin(), padded.end(), '_', '/');
  padded.append(padding, '=');
  std::string bytes(padded.size() / 4 * 3, '\0');
  ::EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                    reinterpret_cast<const unsigned char*>(padded.data()), static_cast<int>(padded.size()));
  bytes.resize(bytes.size() - padding);
  return bytes;
}

}  // namespace tinyhil::daemon

// SPDX-License-Identifier: Apache-2.0
#include "websocket_handshake.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <random>
#include <stdexcept>

#include "daemon/http/base64url.hpp"
#include "daemon/http/problem.hpp"
#include "lower_case.hpp"
#include "target.hpp"

namespace tinyhil::daemon {

namespace {

constexpr std::size_t kKeySize = 24;  // of 16 bytes in base64

// Of a list such as "keep-alive, Upgrade".
std::vector<std::string_view> items(std::string_view list) {
  std::vector<std::string_view> parts = split(list, ',');
  for (std::string_view& part : parts) {
    const std::size_t begin = std::min(part.find_first_not_of(" \t"), part.size());
    part = part.substr(begin, part.find_last_not_of(" \t") + 1 - begin);
  }
  return parts;
}

bool lists(std::string_view list, std::string_view word) {
  const std::vector<std::string_view> parts = items(list);
  return std::any_of(parts.begin(), parts.end(),
                     [word](std::string_view part) { return lower_case(part) == word; });
}

std::string base64(const unsigned char* bytes, std::size_t size) {
  std::array<unsigned char, 64> text{};
  const int length = ::EVP_EncodeBlock(text.data(), bytes, static_cast<int>(size));
  return {text.begin(), text.begin() + length};
}

bool is_key(std::string_view key) {
  const auto is_base64 = [](char character) {
    return std::isalnum(static_cast<unsigned char>(character)) != 0 || character == '+' || character == '/';
  };
  return key.size() == kKeySize && key.ends_with("==") && std::all_of(key.begin(), key.end() - 2, is_base64);
}

}  // namespace

std::optional<Reply> upgrade_mistake(const RequestReader& header) {
  const std::string where = std::string(header.method()) + " " + std::string(header.target());
  const bool asks =
      lists(header.value("Upgrade"), "websocket") && lists(header.value("Connection"), "upgrade");
  if (!asks || header.value("Sec-WebSocket-Version") != "13") {
    Reply reply =
        problem(426, "this path is a WebSocket", where, "ask with a client for WebSockets, version 13");
    reply.headers.push_back({"Upgrade", "websocket"});
    reply.headers.push_back({"Sec-WebSocket-Version", "13"});
    return reply;
  }
  const bool has_key = header.count("Sec-WebSocket-Key") == 1 && is_key(header.value("Sec-WebSocket-Key"));
  if (header.method() == "GET" && has_key) return std::nullopt;
  return problem(400, "this is no handshake of a WebSocket", where, "send a GET with one Sec-WebSocket-Key");
}

std::string accept_key(std::string_view key) {
  const std::string text = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (::EVP_Digest(text.data(), text.size(), digest.data(), &size, ::EVP_sha1(), nullptr) != 1)
    throw std::runtime_error("OpenSSL has no SHA-1");
  return base64(digest.data(), size);
}

std::string random_websocket_key() {
  std::random_device source;
  std::array<unsigned char, 16> bytes{};
  for (unsigned char& byte : bytes) byte = static_cast<unsigned char>(source());
  return base64(bytes.data(), bytes.size());
}

std::vector<Header> upgrade_headers(const std::string& key) {
  return {{"Connection", "Upgrade"},
          {"Upgrade", "websocket"},
          {"Sec-WebSocket-Version", "13"},
          {"Sec-WebSocket-Key", key}};
}

std::string switching_text(std::string_view key, std::string_view protocol) {
  std::string text =
      "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
      "Sec-WebSocket-Accept: " +
      accept_key(key) + "\r\n";
  if (!protocol.empty()) text += "Sec-WebSocket-Protocol: " + std::string(protocol) + "\r\n";
  return text + "\r\n";
}

bool offers(const RequestReader& header, std::string_view protocol) {
  const std::vector<std::string_view> offered = items(header.value("Sec-WebSocket-Protocol"));
  return !protocol.empty() && std::find(offered.begin(), offered.end(), protocol) != offered.end();
}

std::optional<std::string> offered_token(const RequestReader& header) {
  constexpr std::string_view kBearer = "bearer.";
  if (!lists(header.value("Upgrade"), "websocket")) return std::nullopt;
  for (const std::string_view offered : items(header.value("Sec-WebSocket-Protocol")))
    if (offered.starts_with(kBearer)) return from_base64url(offered.substr(kBearer.size())).value_or("");
  return std::nullopt;
}

}  // namespace tinyhil::daemon

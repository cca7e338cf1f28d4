// SPDX-License-Identifier: Apache-2.0
// Uploads: which are missing, and each of those, piece by piece.
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "daemon/http/body_sink.hpp"
#include "daemon/service/internal/routes.hpp"
#include "formats/section.hpp"

namespace tinyhil::daemon {

namespace {

constexpr std::size_t kDigestsMost = 1'000;

constexpr const char* kDigestSchema = R"({"type": "string", "pattern": "^[0-9a-f]{64}$"})";
constexpr const char* kDigestsSchema = R"({
  "type": "object",
  "required": ["digests"],
  "additionalProperties": false,
  "properties": {"digests": {"type": "array", "maxItems": 1000, "items": {"type": "string", "pattern": "^[0-9a-f]{64}$"}}}
})";
constexpr const char* kMissingSchema =
    R"({"type": "object", "required": ["missing"], "properties": {"missing": {"type": "array", "items": {"type": "string"}}}})";
constexpr const char* kBytesSchema = R"({"type": "string", "format": "binary"})";
constexpr const char* kKeptSchema = R"({"type": "object", "properties": {"digest": {"type": "string"}}})";

Digest upload_digest(const std::string& hex, const std::string& where) {
  const std::optional<Digest> digest = sha256_in(hex);
  if (!digest)
    throw Error(ErrorKind::usage, "this is no SHA-256", where, "write its 64 hex digits in lower case");
  return *digest;
}

asio::awaitable<Reply> tell_missing(DaemonParts parts, const Request& request) {
  const Section section = Section::parse(request.body, "request");
  const std::vector<std::string> words = section.texts("digests");
  section.finish();
  if (words.size() > kDigestsMost)
    throw Error(ErrorKind::usage, "more than 1,000 digests", "digests", "ask for them in several requests");
  std::vector<Digest> digests;
  digests.reserve(words.size());
  for (const std::string& word : words) digests.push_back(upload_digest(word, "digests"));
  nlohmann::ordered_json missing = nlohmann::ordered_json::array();
  for (const Digest& digest : parts.blobs.missing(digests)) missing.push_back(digest.hex());
  co_return reply_with(200, {{"missing", std::move(missing)}});
}

// One that is there already is read and dropped: nothing is written twice.
class Upload : public BodySink {
 public:
  Upload(BlobStore& blobs, const Digest& digest) : is_there_(blobs.has(digest)) {
    if (!is_there_) writer_ = std::make_unique<BlobWriter>(blobs, digest);
  }

  void take(std::string_view piece) override {
    if (writer_) writer_->add(piece);
  }
  void finish() const {
    if (writer_) writer_->finish();
  }
  bool was_there() const { return is_there_; }

 private:
  bool is_there_;
  std::unique_ptr<BlobWriter> writer_;
};

std::unique_ptr<BodySink> begin_upload(DaemonParts parts, const Request& request) {
  const Digest digest = upload_digest(request.path_parameters.at("digest"), request.path);
  return std::make_unique<Upload>(parts.blobs, digest);
}

asio::awaitable<Reply> keep_upload(const Request& request) {
  const auto& upload = static_cast<const Upload&>(*request.received);
  upload.finish();
  co_return reply_with(upload.was_there() ? 200 : 201, {{"digest", request.path_parameters.at("digest")}});
}

}  // namespace

void add_blob_routes(std::vector<Route>& routes, DaemonParts parts) {
  routes.push_back({Verb::post,
                    "/api/v1/blobs/missing",
                    Role::runner,
                    [parts](const Request& request) { return tell_missing(parts, request); },
                    {"Which of these files the daemon does not have yet",
                     kDigestsSchema,
                     {},
                     {{200, "their digests", kMissingSchema}}}});
  Route upload{Verb::put,
               "/api/v1/blobs/{digest}",
               Role::runner,
               [](const Request& request) { return keep_upload(request); },
               {"Send a file, under the SHA-256 of its bytes",
                kBytesSchema,
                {},
                {{201, "it is kept", kKeptSchema}, {200, "it was there already", kKeptSchema}},
                kDigestSchema}};
  upload.body_most = parts.blobs.bounds().blob_most;
  upload.sink = [parts](const Request& request) { return begin_upload(parts, request); };
  routes.push_back(std::move(upload));
}

}  // namespace tinyhil::daemon

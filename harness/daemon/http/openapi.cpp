// SPDX-License-Identifier: Apache-2.0
#include "openapi.hpp"

#include <algorithm>
#include <cctype>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "internal/router.hpp"
#include "internal/status.hpp"
#include "internal/target.hpp"

namespace tinyhil::daemon {

namespace {

std::string lower_verb(Verb verb) {
  std::string name(verb_name(verb));
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
  return name;
}

// "get_api_v1_leases_id": for programs that make clients from the document.
std::string operation_id(const Route& route) {
  std::string id = lower_verb(route.verb);
  for (const char character : route.path) {
    if (std::isalnum(static_cast<unsigned char>(character)) != 0) id += character;
    if (character == '/') id += '_';
  }
  return id;
}

nlohmann::json schema_of(const std::string& text, const Route& route) {
  nlohmann::json schema = nlohmann::json::parse(text, nullptr, false);
  if (schema.is_object()) return schema;
  throw std::logic_error("a schema of " + operation_id(route) + " is no JSON object: " + text);
}

nlohmann::json content(const std::string& type, nlohmann::json schema) {
  return {{type, {{"schema", std::move(schema)}}}};
}

nlohmann::json parameters_of(const Route& route) {
  nlohmann::json parameters = nlohmann::json::array();
  for (const std::string_view segment : split(route.path, '/')) {
    const std::optional<std::string> name = parameter_name(segment);
    if (!name) continue;
    parameters.push_back({{"name", *name},
                          {"in", "path"},
                          {"required", true},
                          {"schema", schema_of(route.documentation.path_schema, route)}});
  }
  for (const QueryParameter& parameter : route.documentation.query) {
    parameters.push_back({{"name", parameter.name},
                          {"in", "query"},
                          {"description", parameter.description},
                          {"schema", schema_of(parameter.schema, route)}});
  }
  if (route.verb == Verb::post) {
    parameters.push_back({{"$ref", "#/components/parameters/IdempotencyKey"}});
  }
  return parameters;
}

nlohmann::json responses_of(const Route& route) {
  nlohmann::json responses = {{"default", {{"$ref", "#/components/responses/Problem"}}}};
  for (const ReplyDocumentation& reply : route.documentation.replies) {
    nlohmann::json& response = responses[std::to_string(reply.status)];
    response["description"] =
        reply.description.empty() ? std::string(reason_phrase(reply.status)) : reply.description;
    if (!reply.schema.empty())
      response["content"] = content(reply.content_type, schema_of(reply.schema, route));
  }
  return responses;
}

nlohmann::json operation(const Route& route) {
  nlohmann::json fields = {{"operationId", operation_id(route)},
                           {"summary", route.documentation.summary},
                           {"x-least-role", to_string(route.least_role)},
                           {"responses", responses_of(route)}};
  nlohmann::json parameters = parameters_of(route);
  if (!parameters.empty()) fields["parameters"] = std::move(parameters);
  if (route.least_role == Role::nobody) fields["security"] = nlohmann::json::array();
  const std::string& schema = route.documentation.request_schema;
  if (!schema.empty()) {
    fields["requestBody"] = {{"required", true},
                             {"description", "at most " + std::to_string(route.body_most) + " bytes"},
                             {"content", content(route.sink ? "application/octet-stream" : "application/json",
                                                 schema_of(schema, route))}};
  }
  return fields;
}

nlohmann::json components() {
  const nlohmann::json text = {{"type", "string"}};
  const nlohmann::json problem = {
      {"type", "object"},
      {"description", "RFC 9457, with what went wrong, where, and what to do about it"},
      {"required", {"type", "title", "status", "detail", "what", "where", "remedy"}},
      {"properties",
       {{"type", text},
        {"title", text},
        {"status", {{"type", "integer"}}},
        {"detail", text},
        {"what", text},
        {"where", text},
        {"remedy", text}}}};
  const nlohmann::json key = {{"name", "Idempotency-Key"},
                              {"in", "header"},
                              {"description", "asked again with the same key, the request is not done again"},
                              {"schema", {{"type", "string"}, {"maxLength", 255}}}};
  const nlohmann::json refusal = {
      {"description", "refused"},
      {"content", content("application/problem+json", {{"$ref", "#/components/schemas/Problem"}})}};
  return {{"schemas", {{"Problem", problem}}},
          {"responses", {{"Problem", refusal}}},
          {"parameters", {{"IdempotencyKey", key}}},
          {"securitySchemes", {{"token", {{"type", "http"}, {"scheme", "bearer"}}}}}};
}

asio::awaitable<Reply> reply_with(std::shared_ptr<const std::string> document) {
  Reply reply;
  reply.body = *document;
  co_return reply;
}

}  // namespace

nlohmann::json openapi(std::span<const Route> routes, const std::string& title, const std::string& version) {
  nlohmann::json paths = nlohmann::json::object();
  for (const Route& route : routes) paths[route.path][lower_verb(route.verb)] = operation(route);
  return {{"openapi", "3.1.0"},
          {"info", {{"title", title}, {"version", version}}},
          {"paths", std::move(paths)},
          {"components", components()},
          {"security", {{{"token", nlohmann::json::array()}}, nlohmann::json::object()}}};
}

std::vector<Route> with_openapi(std::vector<Route> routes, const std::string& title,
                                const std::string& version) {
  // Shared by the route, which has to be in the table before its document can be written.
  auto document = std::make_shared<std::string>();
  Route route;
  route.path = "/api/v1/openapi.json";
  route.least_role = Role::nobody;
  route.handler = [document](const Request&) { return reply_with(document); };
  route.documentation.summary = "This document";
  route.documentation.replies = {{200, "OpenAPI 3.1", R"({"type": "object"})"}};
  routes.push_back(std::move(route));
  *document = openapi(routes, title, version).dump(2);
  return routes;
}

}  // namespace tinyhil::daemon

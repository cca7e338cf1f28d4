// SPDX-License-Identifier: Apache-2.0
#include "run_sampling.hpp"

#include <charconv>

#include "checked_row.hpp"
#include "decoded.hpp"
#include "model/limits.hpp"
#include "store/internal/name_list.hpp"

namespace tinyhil::store {
namespace {

RunSampling sampling_at(const Connection& connection, const Statement& stored) {
  const CheckedRow row(connection, stored, "row " + std::to_string(stored.integer(0)) + " of run_sampling");
  RunSampling sampling;
  sampling.order = decoded<DrawOrder>(connection, row.text(1));
  sampling.stop = decoded<StopRule>(connection, row.text(2));
  sampling.claim = decoded<Claim>(connection, row.text(3));
  sampling.min_vectors = row.count(4, 0, kVectorsMax);
  if (!stored.is_null(5)) sampling.max_vectors = row.count(5, 1, kVectorsMax);
  if (!stored.is_null(6)) sampling.discordance = stored.real(6);
  sampling.chosen = row.count(7, 0, kVectorsMax);
  sampling.host_outputs = split(row.text(8, kTextMax), '\n');
  return sampling;
}

template <class Number>
bool read_number(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

template <class Enum>
bool read_code(const std::string& word, Enum& value) {
  const std::optional<Enum> known = from_code<Enum>(word);
  if (known) value = *known;
  return known.has_value();
}

// "12 first by golden_one golden_two"
bool read_chosen(const std::vector<std::string>& words, RunSampling& sampling) {
  if (words.size() < 3 || words[1] != "first" || words[2] != "by") return false;
  sampling.host_outputs.assign(words.begin() + 3, words.end());
  return read_number(words[0], sampling.chosen);
}

bool read_part(const std::vector<std::string>& words, RunSampling& sampling) {
  if (words.size() != 2) return read_chosen(words, sampling);
  const std::string& key = words[0];
  const std::string& value = words[1];
  if (key == "order") return read_code(value, sampling.order);
  if (key == "stop") return read_code(value, sampling.stop);
  if (key == "claim") return read_code(value, sampling.claim);
  if (key == "min_vectors") return read_number(value, sampling.min_vectors);
  if (key == "max_vectors") return read_number(value, sampling.max_vectors.emplace());
  if (key == "discordance") return read_number(value, sampling.discordance.emplace());
  return false;
}

}  // namespace

std::optional<RunSampling> load_sampling(Connection& connection, std::int64_t run) {
  Statement row(
      connection,
      "SELECT id, draw_order, stop, claim, min_vectors, max_vectors, discordance, chosen, host_outputs"
      " FROM run_sampling NOT INDEXED WHERE run = ? ORDER BY id LIMIT 1");
  if (row.bind(run).step()) return sampling_at(connection, row);
  Statement old(connection, "SELECT sampling FROM run WHERE id = ?");
  if (!old.bind(run).step() || old.is_null(0)) return std::nullopt;
  const CheckedRow checked(connection, old, "run " + std::to_string(run));
  const std::optional<RunSampling> sampling = parse_sampling(checked.text(0, kTextMax));
  if (!sampling) checked.refuse("nobody knows its `sampling`");
  return sampling;
}

std::optional<RunSampling> parse_sampling(const std::string& sentence) {
  RunSampling sampling;
  for (std::string part : split(sentence, ',')) {
    if (part.starts_with(' ')) part.erase(0, 1);
    if (!read_part(split(part, ' '), sampling)) return std::nullopt;
  }
  return to_text(sampling) == sentence ? std::optional(sampling) : std::nullopt;
}

}  // namespace tinyhil::store

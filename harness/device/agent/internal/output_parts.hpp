// SPDX-License-Identifier: Apache-2.0
// Outputs that fit no frame, put together from their parts: in any order, and of several inferences of one
// vector where the line lost some. The digest in the inference's row says when they are its output.
#pragma once

#include <cstdint>
#include <list>
#include <optional>
#include <span>
#include <vector>

#include "base/digest.hpp"

namespace tinyhil::device {

// Which inference of which run a row is, and when it arrived.
struct RowOrigin {
  std::uint32_t device_run = 0;
  std::uint32_t run_index = 0;
  std::int64_t received_us = 0;  // since 1970 in UTC
};

class OutputParts {
 public:
  // Which output: a cell of the grid.
  struct Key {
    std::size_t model = 0;
    std::size_t cell = 0;
    bool operator==(const Key&) const = default;
  };
  // What its row says besides the output.
  struct Head {
    std::uint8_t status = 0;
    std::uint32_t clock = 0;
    std::uint32_t timer = 0;
    std::vector<std::uint8_t> digest;  // the first bytes of the output's SHA-256
    RowOrigin origin = {};
  };
  struct Whole {
    Head head;
    std::vector<std::uint8_t> output;
  };

  // Of an output of `size` bytes. True when the row before it, of the same cell, told of another output: then
  // the parts so far are forgotten.
  bool add_head(Key key, Head head, std::size_t size);
  // False when the part does not lie within the output.
  bool add_part(Key key, std::uint32_t offset, std::span<const std::uint8_t> content, std::size_t size);

  // The output, once row and all parts have come and agree; it is forgotten here. Parts that do not agree
  // with their row are forgotten too, and are to be asked for again.
  std::optional<Whole> take(Key key);

  bool empty() const { return incomplete_.empty(); }

 private:
  struct Incomplete {
    Key key;
    std::optional<Head> head;
    std::vector<std::uint8_t> output;
    std::vector<bool> has;  // [byte]
    std::size_t missing = 0;
  };
  Incomplete& at(Key key, std::size_t size);
  std::list<Incomplete>::iterator find(Key key);

  std::list<Incomplete> incomplete_;  // the newest last
};

}  // namespace tinyhil::device

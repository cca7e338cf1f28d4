// SPDX-License-Identifier: Apache-2.0
#include "shapes.hpp"

#include "daemon/selector.hpp"

namespace {

using namespace std::chrono_literals;
using namespace tinyhil::daemon;

struct Size {
  std::size_t boards;
  std::size_t requests;
  Moment now;
};

std::string numbered(const char* text, std::size_t number) { return text + std::to_string(number); }

Farm boards_of_five_chips(const Size& size) {
  Farm farm;
  for (std::size_t i = 0; i < size.boards; ++i) {
    Labels labels = {
        {"bench", numbered("bench-", i / 10)}, {"chip", numbered("chip-", i % 5)}, {"pool", "ci"}};
    if (i % 3 == 0) labels["probe"] = "st-link";
    if (i % 10 == 0) labels["meter"] = "ppk2";
    farm.boards.push_back(board_entry(numbered("board-", i), std::move(labels)));
    farm.boards.back().busy = 1min * (i * 7 % 1000);
  }
  return farm;
}

LeaseRequest asks(const Size& size, std::size_t i, std::size_t owners, const std::string& selector) {
  LeaseRequest request{
      .id = {i}, .owner = numbered("owner-", i % owners), .selector = Selector::parse(selector)};
  request.priority = static_cast<Priority>(i % kPriorities);
  request.asked_at = size.now - 1s * (i * 13 % 10'000);
  request.expects = 1min * (1 + i % 20);
  return request;
}

void lease_all_but(Farm& farm, std::size_t free, const Size& size) {
  for (std::size_t i = free; i < farm.boards.size(); ++i) {
    farm.boards[i].condition = Condition::leased;
    Lease lease{.request = {100'000 + i}, .board = farm.boards[i].name, .owner = numbered("owner-", i % 20)};
    lease.granted_at = size.now - 1min * (i % 30);
    lease.expires_at = lease.granted_at + 1h;
    lease.expects = 20min;
    farm.leases.push_back(std::move(lease));
  }
}

// A day in a farm that is full: boards of five chips, requests by some twenty selectors.
Farm busy(const Size& size, std::size_t free) {
  Farm farm = boards_of_five_chips(size);
  const char* const more[] = {"", ",probe", ",meter", ",pool!=lab,probe"};
  for (std::size_t i = 0; i < size.requests; ++i)
    farm.waiting.push_back(asks(size, i, 20, numbered("chip=chip-", i % 5) + more[i / 5 % 4]));
  lease_all_but(farm, free, size);
  return farm;
}

Farm identical(const Size& size) {
  Farm farm;
  for (std::size_t i = 0; i < size.boards; ++i) farm.boards.push_back(board_entry(numbered("board-", i)));
  for (std::size_t i = 0; i < size.requests; ++i) farm.waiting.push_back(asks(size, i, 1, ""));
  return farm;
}

// Every request has a selector and an owner of its own, and matches nearly all of the boards, which differ.
Farm distinct(const Size& size) {
  Farm farm = boards_of_five_chips(size);
  for (std::size_t i = 0; i < size.requests; ++i) {
    const std::string selector = numbered("pool=ci,x!=", i) + numbered(",board!=board-", i % size.boards);
    farm.waiting.push_back(asks(size, i, size.requests, selector + ",bench notin (a, b, c)"));
  }
  return farm;
}

// The boards are free, but what most requests want is not there.
Farm hopeless(const Size& size) {
  Farm farm = boards_of_five_chips(size);
  for (std::size_t i = 0; i < size.requests; ++i)
    farm.waiting.push_back(asks(size, i, 20, numbered("pool=ci,serial=", i)));
  return farm;
}

}  // namespace

std::vector<Shape> shapes(std::size_t boards, std::size_t requests, Moment now) {
  const Size size{boards, requests, now};
  return {{"one board comes free", busy(size, 1)},      {"ten boards come free", busy(size, 10)},
          {"all boards come free", busy(size, boards)}, {"all free, all alike", identical(size)},
          {"all free, no two alike", distinct(size)},   {"all free, none wanted", hopeless(size)}};
}

// SPDX-License-Identifier: Apache-2.0
#pragma once
// Operators that become their mutants while a program runs. ./dev bench mutants puts this header above each
// source it mutates, and the number of an operator's first mutant beside the operator: `a < b` is written `a
// < ::tinyhil_mutants::at(17) < b`, `a += b` is `a += at(17) += b`, and `-a` is `at(17) * a`. Precedence and
// associativity stay those of the operator, so nothing has to be parsed.
//
// TINYHIL_MUTANT=18 chooses the second mutant of that place. A program whose chosen mutant would not compile
// ends with exit code 77. TINYHIL_REACHED=FILE, a file of kMostMutants bytes, gets a 1 at the number of each
// place that is executed, by forked children too. Where a constant is wanted this does not compile, and the
// place stays as it is.
#include <fcntl.h>
#include <sys/mman.h>

#include <cstdlib>
#include <type_traits>
#include <utility>

namespace tinyhil_mutants {

inline constexpr int kMostMutants = 1 << 16;
inline constexpr int kNoProgram = 77;

inline int chosen_mutant() {
  const char* number = std::getenv("TINYHIL_MUTANT");
  return number ? std::atoi(number) : -1;
}

inline unsigned char* reached_places() {
  static unsigned char unwanted[kMostMutants];
  const char* path = std::getenv("TINYHIL_REACHED");
  if (!path) return unwanted;
  const int file = open(path, O_RDWR);
  void* shared = mmap(nullptr, kMostMutants, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (shared == MAP_FAILED) std::abort();
  return static_cast<unsigned char*>(shared);
}

inline const int chosen = chosen_mutant();
inline unsigned char* const reached = reached_places();

struct Site {
  int first;

  bool mutant(int nth) const { return chosen == first + nth; }
};

template <class L>
struct Left {
  L&& value;
  Site site;
};

template <class R>
struct Right {
  R&& value;
  Site site;
};

template <class = void>
[[gnu::always_inline]] constexpr Site at(int first) {
  if (std::is_constant_evaluated()) throw "a constant cannot be switched";
  reached[first] = 1;
  return {first};
}

[[noreturn]] inline void no_program() { std::_Exit(kNoProgram); }

#define TINYHIL_LEFT(op)                                                   \
  template <class L>                                                       \
  [[gnu::always_inline]] inline Left<L> operator op(L&& left, Site site) { \
    return {std::forward<L>(left), site};                                  \
  }

// What `op` becomes in the nth mutant: the value of `other`, if that has the type of `op`.
#define TINYHIL_BECOMES(nth, op, other)                                                           \
  if (left.site.mutant(nth)) {                                                                    \
    using Value = decltype(std::forward<L>(left.value) op std::forward<R>(right));                \
    if constexpr (requires {                                                                      \
                    static_cast<Value>(std::forward<L>(left.value) other std::forward<R>(right)); \
                  }) {                                                                            \
      return static_cast<Value>(std::forward<L>(left.value) other std::forward<R>(right));        \
    } else {                                                                                      \
      no_program();                                                                               \
    }                                                                                             \
  }

#define TINYHIL_BINARY(op, mutants)                                       \
  TINYHIL_LEFT(op)                                                        \
  template <class L, class R>                                             \
  [[gnu::always_inline]] inline auto operator op(Left<L> left, R&& right) \
      ->decltype(std::forward<L>(left.value) op std::forward<R>(right)) { \
    mutants return std::forward<L>(left.value) op std::forward<R>(right); \
  }

TINYHIL_BINARY(<, TINYHIL_BECOMES(0, <, <=) TINYHIL_BECOMES(1, <, >=))
TINYHIL_BINARY(<=, TINYHIL_BECOMES(0, <=, <) TINYHIL_BECOMES(1, <=, >))
TINYHIL_BINARY(>, TINYHIL_BECOMES(0, >, >=) TINYHIL_BECOMES(1, >, <=))
TINYHIL_BINARY(>=, TINYHIL_BECOMES(0, >=, >) TINYHIL_BECOMES(1, >=, <))
TINYHIL_BINARY(==, TINYHIL_BECOMES(0, ==, !=))
TINYHIL_BINARY(!=, TINYHIL_BECOMES(0, !=, ==))
TINYHIL_BINARY(+, TINYHIL_BECOMES(0, +, -))
TINYHIL_BINARY(-, TINYHIL_BECOMES(0, -, +))

#define TINYHIL_ASSIGNMENT(op, other)                                                         \
  template <class R>                                                                          \
  [[gnu::always_inline]] inline Right<R> operator op(Site site, R&& right) {                  \
    return {std::forward<R>(right), site};                                                    \
  }                                                                                           \
  template <class L, class R>                                                                 \
  [[gnu::always_inline]] inline auto operator op(L&& left, Right<R> right)                    \
      ->decltype(std::forward<L>(left) op std::forward<R>(right.value)) {                     \
    if (right.site.mutant(0)) {                                                               \
      if constexpr (requires { std::forward<L>(left) other std::forward<R>(right.value); }) { \
        return std::forward<L>(left) other std::forward<R>(right.value);                      \
      } else {                                                                                \
        no_program();                                                                         \
      }                                                                                       \
    }                                                                                         \
    return std::forward<L>(left) op std::forward<R>(right.value);                             \
  }

TINYHIL_ASSIGNMENT(+=, -=)
TINYHIL_ASSIGNMENT(-=, +=)

template <class R>
[[gnu::always_inline]] inline auto operator*(Site site, R&& right) -> decltype(-std::forward<R>(right)) {
  if (site.mutant(0)) {
    using Value = decltype(-std::forward<R>(right));
    if constexpr (requires { static_cast<Value>(std::forward<R>(right)); }) {
      return static_cast<Value>(std::forward<R>(right));
    } else {
      no_program();
    }
  }
  return -std::forward<R>(right);
}

}  // namespace tinyhil_mutants

// SPDX-License-Identifier: Apache-2.0
#include "board_figures.hpp"

namespace tinyhil {

const char* to_string(BoardFigure figure) {
  switch (figure) {
    case BoardFigure::outputs:
      return "outputs";
    case BoardFigure::accuracy:
      return "accuracy";
    case BoardFigure::latency:
      return "latency";
    case BoardFigure::energy:
      return "energy";
  }
  return "outputs";
}

}  // namespace tinyhil

// SPDX-License-Identifier: Apache-2.0
// The constants of one PPK2 as it told them, published in the unit test of hdoordt/ppk2-rs (MIT); for tests.
#pragma once

#include <string>

namespace tinyhil::meter {

inline const std::string kPpk2Dump =
    "Calibrated: 0\n"
    "R0: 1003.3506\nR1: 101.5865\nR2: 10.3027\nR3: 0.9636\nR4: 0.0564\n"
    "GS0: 0.0000\nGS1: 112.7890\nGS2: 18.0115\nGS3: 2.4217\nGS4: 0.0729\n"
    "GI0: 1.0000\nGI1: 0.9695\nGI2: 0.9609\nGI3: 0.9519\nGI4: 0.9582\n"
    "O0: 112.9420\nO1: 75.4627\nO2: 64.6020\nO3: 50.4983\nO4: 87.2177\n"
    "VDD: 3741\nHW: 9173\nmode: 2\n"
    "S0: 0.000000048\nS1: 0.000000596\nS2: 0.000005281\nS3: 0.000062577\nS4: 0.002940743\n"
    "I0: -0.000000104\nI1: -0.000001443\nI2: 0.000036439\nI3: -0.000374119\nI4: -0.009388455\n"
    "UG0: 1.00\nUG1: 1.00\nUG2: 1.00\nUG3: 1.00\nUG4: 1.00\n"
    "IA: 56\nEND\n";

}  // namespace tinyhil::meter

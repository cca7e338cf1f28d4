// SPDX-License-Identifier: Apache-2.0
// The SQL of each migration, one file per step.
#pragma once

#include <initializer_list>
#include <string>

namespace tinyhil::store {

std::string step_1();   // the first schema
std::string step_2();   // how a trial was run, what it outlived, and that a run has ended
std::string step_3();   // the chain
std::string step_4();   // runs that draw their vectors, and controls
std::string step_5();   // runs on several boards
std::string step_6();   // what files hold
std::string step_7();   // who runs in which order, how often before, and how it ended
std::string step_8();   // which inference of which run a row is, and when it arrived
std::string step_9();   // by which rules a run draws and looks, as fields
std::string step_10();  // inputs and outputs of models that have several
std::string step_11();  // what current meters recorded
std::string step_12();  // whether a probe read the board's memory while models ran
std::string step_13();  // who began a run, and where
std::string step_14();  // attempts at a run that failed before

// Triggers that refuse UPDATE and DELETE.
std::string forbid_changes(std::initializer_list<std::string> tables);

}  // namespace tinyhil::store

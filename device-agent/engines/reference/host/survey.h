/* SPDX-License-Identifier: Apache-2.0 */
/*
 * survey.h: everything about a model that this engine refuses, at once and before a board is there: for the
 * host, no firmware has it. The checks are the kernels' own (op.h), so that what it does not find, a load
 * does not either.
 */
#ifndef THIL_REFERENCE_SURVEY_H
#define THIL_REFERENCE_SURVEY_H

#include "thil/engine.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One reason. `node` is its place among the nodes of subgraph 0, or THIL_SURVEY_MODEL for one about the
 * model. */
typedef struct thil_survey_finding {
  uint32_t node;
  const char* detail; /* as thil_engine_report has it; until the callback returns */
} thil_survey_finding;

#define THIL_SURVEY_MODEL UINT32_MAX

typedef void thil_survey_note(void* context, const thil_survey_finding* finding);

/* What a model needs of a board. A load takes no more arena, and some hundreds of bytes less where pointers
 * are short. */
typedef struct thil_survey_needs {
  uint64_t arena_bytes;
  uint64_t work; /* steps of inner loops that one inference takes */
} thil_survey_needs;

/* Bytes of scratch that a survey of any model does with. */
uint64_t thil_survey_scratch(void);

/* OK when it runs; else UNSUPPORTED, with one note or more. MALFORMED: no such file, with one note. scratch
   is aligned to 16 bytes. Image as thil_engine_memory has it. */
thil_engine_status thil_survey_model(const thil_engine_memory* memory, thil_survey_note* note, void* context,
                                     thil_survey_needs* needs);

#ifdef __cplusplus
}
#endif
#endif

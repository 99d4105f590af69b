// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

/// The commit that this was built from, which whoever builds may define; empty if not.
const char *_Nonnull kp_build_commit(void);

/// The version of libsnappy that this was built with: its C interface does not tell it.
const char *_Nonnull kp_snappy_version(void);

#ifdef __cplusplus
}
#endif

# SPDX-License-Identifier: Apache-2.0
from SCons.Script import Default, DefaultEnvironment

env = DefaultEnvironment()
env.Replace(CC="cc", CXX="c++", AR="ar", RANLIB="ranlib", LINK="cc", PROGSUFFIX="")
Default(env.BuildProgram())

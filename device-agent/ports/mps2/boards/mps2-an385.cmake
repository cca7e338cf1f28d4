set(TINYHIL_CPU_FLAGS -mcpu=cortex-m3)

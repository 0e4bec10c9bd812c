# Run at build time: writes OUT from IN with the checkout's revision, and only when it changed.
if(NOT CRIER_REVISION)
  execute_process(COMMAND git rev-parse --short=12 HEAD WORKING_DIRECTORY ${SOURCE_DIR}
    OUTPUT_VARIABLE CRIER_REVISION OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
endif()
if(NOT CRIER_REVISION)
  set(CRIER_REVISION unknown)
endif()
configure_file(${IN} ${OUT} @ONLY)

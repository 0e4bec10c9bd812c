# Flags that every crier target shares, as the interface target crier_options.
add_library(crier_options INTERFACE)
target_include_directories(crier_options INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(crier_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wconversion -Wno-sign-conversion)

if(CRIER_WERROR)
  target_compile_options(crier_options INTERFACE -Werror)
endif()

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # GCC 12 sees faults in std::string that its own inlining or instrumentation makes up (such as
  # GCC bugs 105329 and 109299). The sanitizers look for real ones.
  target_compile_options(crier_options INTERFACE -Wno-array-bounds -Wno-maybe-uninitialized
    -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread)
endif()

if(CRIER_SANITIZE)
  # Applied to everything, tests included: a sanitizer that sees only half of a program lies.
  add_compile_options(-fsanitize=${CRIER_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${CRIER_SANITIZE})
  if(CRIER_SANITIZE MATCHES "undefined")
    add_compile_options(-fno-sanitize-recover=undefined)
  endif()
  if(CRIER_SANITIZE MATCHES "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Asio uses a stand-alone fence once; GCC warns that the thread sanitizer ignores it.
    target_compile_options(crier_options INTERFACE -Wno-tsan)
  endif()
endif()

find_program(CRIER_CCACHE ccache)
if(CRIER_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Precompiled headers need the first to be cacheable at all; with the second and third, checkouts
  # in different folders share what they have compiled.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 CCACHE_MAXSIZE=15G ${CRIER_CCACHE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(crier_options INTERFACE -fpch-preprocess)  # for ccache to see them
  endif()
endif()

# Every third-party library, found once. docs/decisions.md says why each is here.
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(LIBURING REQUIRED IMPORTED_TARGET liburing)

add_library(crier_asio INTERFACE)
find_path(ASIO_INCLUDE_DIR asio.hpp REQUIRED)
target_include_directories(crier_asio SYSTEM INTERFACE ${ASIO_INCLUDE_DIR})
# Whether Asio allocates with aligned_alloc would otherwise depend on what a file includes before it:
# one file would free with operator delete what another had from malloc.
target_compile_definitions(crier_asio INTERFACE ASIO_STANDALONE ASIO_NO_DEPRECATED
  ASIO_DISABLE_STD_ALIGNED_ALLOC)
target_link_libraries(crier_asio INTERFACE Threads::Threads)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # This Asio knows libstdc++'s coroutines only behind GCC.
  target_compile_definitions(crier_asio INTERFACE ASIO_HAS_CO_AWAIT ASIO_HAS_STD_COROUTINE)
endif()

find_package(Protobuf REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(spdlog REQUIRED)
pkg_check_modules(HIREDIS REQUIRED IMPORTED_TARGET hiredis)
pkg_check_modules(CJOSE REQUIRED IMPORTED_TARGET cjose)
pkg_check_modules(JANSSON REQUIRED IMPORTED_TARGET jansson)
if(CRIER_GRPC)
  find_package(gRPC CONFIG REQUIRED)
  find_package(yaml-cpp REQUIRED)
  find_package(prometheus-cpp REQUIRED)
  find_path(CLI11_INCLUDE_DIR CLI/CLI.hpp REQUIRED)
  pkg_check_modules(MICROHTTPD REQUIRED IMPORTED_TARGET libmicrohttpd)
endif()

if(CRIER_TESTS)
  find_package(GTest REQUIRED)
  find_package(rapidcheck REQUIRED)
  # Callers in other languages: Debian's own, whatever else may be first in PATH.
  find_program(CRIER_PYTHON python3 HINTS /usr/bin NO_DEFAULT_PATH REQUIRED)
  find_program(CRIER_GO go HINTS /usr/bin NO_DEFAULT_PATH REQUIRED)
endif()
if(CRIER_BENCH)
  find_package(benchmark REQUIRED)
endif()

# The target crier_headers compiles every header alone, and twice, so that each one includes what
# it uses and may be included anywhere.
file(GLOB_RECURSE headers CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}
  dataplane/*.hpp services/*.hpp tests/*.hpp bench/*.hpp)
foreach(header IN LISTS headers)
  set(source ${CMAKE_BINARY_DIR}/headers/${header}.cpp)
  file(CONFIGURE OUTPUT ${source} CONTENT "#include \"${header}\"\n#include \"${header}\"\n")
  list(APPEND sources ${source})
endforeach()
add_library(crier_headers OBJECT EXCLUDE_FROM_ALL ${sources})
target_include_directories(crier_headers SYSTEM PRIVATE ${CLI11_INCLUDE_DIR})
target_link_libraries(crier_headers PRIVATE crier_options crier_asio crier_proto crier_proto_grpc
  spdlog::spdlog yaml-cpp prometheus-cpp::core PkgConfig::MICROHTTPD GTest::gmock rapidcheck
  benchmark::benchmark)

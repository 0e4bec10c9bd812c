# crier_precompile(TARGET asio|grpc|gtest ...): precompiles the heavy headers that most files of a
# target include. Each file still includes what it uses; make lint compiles every header alone,
# without any of this.
option(CRIER_PRECOMPILE "Use precompiled headers" ON)

set(CRIER_PRECOMPILE_asio <asio.hpp>)
set(CRIER_PRECOMPILE_grpc <grpcpp/grpcpp.h>)
set(CRIER_PRECOMPILE_gtest <gmock/gmock.h> <gtest/gtest.h>)

function(crier_precompile target)
  foreach(name IN LISTS ARGN)
    if(NOT DEFINED CRIER_PRECOMPILE_${name})
      message(FATAL_ERROR "crier_precompile: no set of headers is called ${name}")
    endif()
    list(APPEND headers ${CRIER_PRECOMPILE_${name}})
  endforeach()
  if(CRIER_PRECOMPILE)
    target_precompile_headers(${target} PRIVATE ${headers})
  endif()
endfunction()

# hayate_llama: the libraries of llama.cpp, built once by tools/fetch-llama.sh and kept outside the build folder.
# HAYATE_LLAMA_CPU chooses the CPU level: a binary made on this machine for another one wants avx2 or generic.
set(HAYATE_LLAMA_CPU auto CACHE STRING "CPU level of llama.cpp: auto, avx512, avx2 or generic")

set(llama_command ${CMAKE_COMMAND} -E env CC=${CMAKE_C_COMPILER} CXX=${CMAKE_CXX_COMPILER}
                  HAYATE_LLAMA_CPU=${HAYATE_LLAMA_CPU} ${CMAKE_SOURCE_DIR}/tools/fetch-llama.sh)
execute_process(COMMAND ${llama_command} --where OUTPUT_VARIABLE llama_where RESULT_VARIABLE llama_failed
                OUTPUT_STRIP_TRAILING_WHITESPACE)
if(NOT llama_failed AND NOT EXISTS ${llama_where}/lib/libllama.a)
  message(STATUS "llama.cpp is not built yet: running tools/fetch-llama.sh (a few minutes, once)")
  execute_process(COMMAND ${llama_command} OUTPUT_VARIABLE llama_where RESULT_VARIABLE llama_failed
                  OUTPUT_STRIP_TRAILING_WHITESPACE)
endif()
if(llama_failed)
  message(FATAL_ERROR "llama.cpp could not be built; the messages above say why. Without the local model: "
                      "-DHAYATE_LOCAL_MODEL=OFF")
endif()
message(STATUS "llama.cpp: ${llama_where}")

set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tools/fetch-llama.sh
                                                               ${CMAKE_SOURCE_DIR}/tools/llama/Cargo.lock)
add_library(hayate_llama INTERFACE)
target_include_directories(hayate_llama SYSTEM INTERFACE ${llama_where}/include)
target_link_libraries(
  hayate_llama
  INTERFACE -Wl,--start-group ${llama_where}/lib/libllama.a ${llama_where}/lib/libggml.a
            ${llama_where}/lib/libggml-cpu.a ${llama_where}/lib/libggml-base.a -Wl,--end-group
            Threads::Threads ${CMAKE_DL_LIBS} m)

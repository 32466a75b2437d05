# The two programs of bench/gateway.py: a load generator and the fake upstream behind the gateways.
add_library(hayate_bench_net STATIC ${CMAKE_CURRENT_LIST_DIR}/client.cpp
                                    ${CMAKE_CURRENT_LIST_DIR}/response_reader.cpp
                                    ${CMAKE_CURRENT_LIST_DIR}/sockets.cpp)
target_include_directories(hayate_bench_net PUBLIC ${CMAKE_CURRENT_LIST_DIR}/..)
target_link_libraries(hayate_bench_net PUBLIC hayate_flags fmt::fmt)
foreach(program load upstream)
  add_executable(hayate_bench_${program} ${CMAKE_CURRENT_LIST_DIR}/${program}.cpp)
  target_link_libraries(hayate_bench_${program} PRIVATE hayate_bench_net)
endforeach()

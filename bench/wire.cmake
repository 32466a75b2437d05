# What one request, one chunk and one token cost in the wire codecs.
find_package(benchmark REQUIRED)
add_executable(hayate_bench_wire ${CMAKE_CURRENT_LIST_DIR}/wire_micro.cpp)
target_link_libraries(hayate_bench_wire PRIVATE hayate_wire benchmark::benchmark)

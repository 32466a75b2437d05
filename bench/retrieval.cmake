# Search latency over a synthetic shop of 10,000 products.
add_executable(hayate_bench_retrieval ${CMAKE_CURRENT_LIST_DIR}/retrieval.cpp)
target_link_libraries(hayate_bench_retrieval PRIVATE hayate_store)

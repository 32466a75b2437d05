# Included by bench/CMakeLists.txt when HAYATE_LOCAL_MODEL is on.
add_executable(hayate_bench_local_model ${CMAKE_CURRENT_LIST_DIR}/local_model.cpp)
target_link_libraries(hayate_bench_local_model PRIVATE hayate_model)

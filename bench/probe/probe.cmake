# Probes of the local models' states, learned from the labelled answers. Included by bench/CMakeLists.txt when
# HAYATE_LOCAL_MODEL is on.
add_executable(hayate_bench_probe ${CMAKE_CURRENT_LIST_DIR}/probe.cpp ${CMAKE_CURRENT_LIST_DIR}/states.cpp
                                  ${CMAKE_CURRENT_LIST_DIR}/probe_learning.cpp)
target_link_libraries(hayate_bench_probe PRIVATE hayate_labelled_answers hayate_model)

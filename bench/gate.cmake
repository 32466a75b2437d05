# The gate over the labelled answers: what it catches, what it costs; and learning its weights.
add_executable(hayate_bench_gate ${CMAKE_CURRENT_LIST_DIR}/gate.cpp ${CMAKE_CURRENT_LIST_DIR}/gate_learning.cpp)
target_link_libraries(hayate_bench_gate PRIVATE hayate_labelled_answers)

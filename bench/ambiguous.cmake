# Messages that examples leave open: how many, what asking back makes of them, and what a model does.
add_executable(hayate_bench_ambiguous ${CMAKE_CURRENT_LIST_DIR}/ambiguous.cpp ${CMAKE_SOURCE_DIR}/src/app/cli/understanding.cpp
               ${CMAKE_SOURCE_DIR}/src/app/cli/messages_file.cpp ${CMAKE_SOURCE_DIR}/src/app/cli/names.cpp)
target_link_libraries(hayate_bench_ambiguous PRIVATE hayate_store hayate_model hayate_understand hayate_turn)
if(HAYATE_LOCAL_MODEL)
  target_compile_definitions(hayate_bench_ambiguous PRIVATE HAYATE_HAS_LLAMA)
endif()

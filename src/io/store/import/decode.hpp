#pragma once
// One row of an import file as a value. Problems go to the reader.

#include <string>
#include <vector>

#include "io/store/import/row.hpp"
#include "io/store/types.hpp"

namespace hayate::store {

/// What customers call a genre, a kind or a language.
struct WordEntry {
    std::string key;
    std::vector<std::string> words;  // of all languages
};

void decode(RowReader& row, Series& series);
void decode(RowReader& row, Product& product);
void decode(RowReader& row, FaqEntry& faq);
void decode(RowReader& row, WordEntry& words);
void decode(RowReader& row, Customer& customer);
void decode(RowReader& row, Order& order);

}  // namespace hayate::store

#pragma once
// One row of an import file as a value. Problems go to the reader.

#include "io/store/import/row.hpp"
#include "io/store/types.hpp"

namespace hayate::store {

void decode(RowReader& row, Series& series);
void decode(RowReader& row, Product& product);
void decode(RowReader& row, FaqEntry& faq);
void decode(RowReader& row, WordEntry& words);
void decode(RowReader& row, Customer& customer);
void decode(RowReader& row, Order& order);

}  // namespace hayate::store

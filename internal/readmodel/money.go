package readmodel

import (
	"math"
	"math/big"
	"math/bits"

	"dalil/internal/directory"
)

// millionths is a sum of money in millionths of a unit: exact, so that it does not depend on the order of its parts.
type millionths struct{ high, low uint64 }

const perUnit = 1_000_000

// millionthsOf returns an amount, which is never negative.
func millionthsOf(amount float64) millionths {
	whole, part := math.Modf(amount)
	high, low := bits.Mul64(uint64(whole), perUnit)
	low, carry := bits.Add64(low, uint64(math.Round(part*perUnit)), 0)
	return millionths{high + carry, low}
}

// add adds a sum.
func (m *millionths) add(n millionths) {
	low, carry := bits.Add64(m.low, n.low, 0)
	m.low, m.high = low, m.high+n.high+carry
}

// exactly is up to where every whole number is a float64.
const exactly = 1 << 53

// units returns the number nearest to the sum in units.
func (m millionths) units() float64 {
	if m.high == 0 && m.low <= exactly {
		return float64(m.low) / perUnit
	}
	sum := new(big.Int).SetUint64(m.high)
	sum.Lsh(sum, 64).Or(sum, new(big.Int).SetUint64(m.low))
	units, _ := new(big.Rat).SetFrac(sum, big.NewInt(perUnit)).Float64()
	return units
}

// Amounts are sums of money, one for each currency, by the code of the currency.
type Amounts []directory.Money
